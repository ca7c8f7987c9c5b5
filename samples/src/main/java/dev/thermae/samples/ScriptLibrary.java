package dev.thermae.samples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A library of scripts as it is published, and an exercise that calls it for real: JavaScript whose
 * value is a text of results and of functions' sources.
 */
record ScriptLibrary(String name, String resource, String exerciseName) {
  private static final String WEBJARS = "META-INF/resources/webjars/";
  private static final String EXERCISES = "dev/thermae/samples/exercises/";

  /** What the quickstart shows unless told otherwise. */
  static final List<ScriptLibrary> USUAL =
      List.of(
          of("mustache", "mustache/4.2.0/mustache.js"),
          of("moment", "moment/2.29.4/moment.js"),
          of("handlebars", "handlebars/4.7.7/dist/handlebars.js"),
          of("acorn", "acorn/8.11.3/dist/acorn.js"),
          of("lodash", "lodash/4.17.21/lodash.js"),
          of("typescript", "typescript/3.9.10/lib/typescript.js"));

  private static final List<ScriptLibrary> MORE =
      List.of(
          of("immutable", "immutable/4.0.0/dist/immutable.js"),
          of("ajv", "ajv/6.12.6/dist/ajv.bundle.js"),
          of("esprima", "esprima/4.0.1/dist/esprima.js"),
          of("chart", "chart.js/2.9.4/dist/Chart.js"),
          of("d3", "d3/5.16.0/dist/d3.js"),
          new ScriptLibrary("moment+locales", "moment/2.29.4/min/moment-with-locales.js", "moment"),
          of("babel", "babel-standalone/6.26.0/babel.js"));

  private static ScriptLibrary of(String name, String resource) {
    return new ScriptLibrary(name, resource, name);
  }

  /** All of them. */
  static List<ScriptLibrary> all() {
    List<ScriptLibrary> all = new ArrayList<>(USUAL);
    all.addAll(MORE);
    return all;
  }

  /** The libraries in {@code names}, separated by commas; {@code all}, or none for the usual. */
  static List<ScriptLibrary> named(String names) {
    if (names.isEmpty()) {
      return USUAL;
    }
    if (names.equals("all")) {
      return all();
    }
    List<ScriptLibrary> chosen = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      chosen.add(one(name));
    }
    return chosen;
  }

  /** The library called {@code name}. */
  static ScriptLibrary one(String name) {
    for (ScriptLibrary library : all()) {
      if (library.name.equals(name)) {
        return library;
      }
    }
    throw new IllegalArgumentException("there is no script called " + name);
  }

  /** The script's bytes. */
  byte[] bytes() throws IOException {
    return read(WEBJARS + resource);
  }

  /** JavaScript that calls the library in {@code module.exports} and evaluates to a text. */
  String exercise() throws IOException {
    return text("common") + text(exerciseName);
  }

  private static String text(String name) throws IOException {
    return new String(read(EXERCISES + name + ".js"), StandardCharsets.UTF_8);
  }

  private static byte[] read(String path) throws IOException {
    try (InputStream in = ScriptLibrary.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("not on the class path: " + path);
      }
      return in.readAllBytes();
    }
  }
}
