package dev.thermae.http.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports, which are records, as JSON: their components in order, without those that are null. */
public final class Json {
  private Json() {}

  /** Indented JSON. */
  public static String of(Record report) {
    return JsonMapper.builder()
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValueAsString(report);
  }
}
