package dev.thermae.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thermae.http.resource.FuzzInput;
import dev.thermae.http.resource.HeaderList;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Tag;

/** Conditions are judged, whatever they say. */
@Tag("once")
final class ConditionalRequestsFuzz {

  @FuzzTest
  void judges(byte[] data) {
    FuzzInput input = new FuzzInput(data);
    HeaderList response = input.fields();
    HttpFields.Mutable request =
        HttpFields.build()
            .add("If-None-Match", input.text())
            .add("If-Modified-Since", input.text())
            .add("If-Range", input.text());
    String tag = response.first("ETag");
    if (ConditionalRequests.allowsRange(request, response)) {
      assertThat(response.has("ETag") || response.has("Last-Modified")).isTrue();
    }
    boolean has = ConditionalRequests.isNotModified(request, response);
    if (has && request.contains("If-None-Match")) {
      assertThat(tag != null || request.get("If-None-Match").contains("*")).isTrue();
    }
    request.remove("If-None-Match");
    boolean since = ConditionalRequests.isNotModified(request, response);
    assertThat(since && !response.has("Last-Modified") && !response.has("Date")).isFalse();
  }
}
