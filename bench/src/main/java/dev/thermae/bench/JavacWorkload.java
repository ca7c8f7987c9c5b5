package dev.thermae.bench;

import dev.thermae.engine.javac.JavaEngine;
import dev.thermae.engine.javac.JavaUnit;
import java.util.List;
import java.util.TimeZone;

/** Apache Commons Lang from its sources, by the JDK's compiler. */
final class JavacWorkload extends CompileWorkload {
  private static final String COMPILE = "javac";
  private static final String LANG = "org.apache.commons.lang3.";

  @Override
  String name() {
    return "lang3";
  }

  @Override
  String title() {
    return "commons-lang3 3.19.0 from its sources, by javac";
  }

  @Override
  List<Peer> peers() {
    return List.of(new Peer(COMPILE, 45));
  }

  @Override
  byte[] input(Inputs inputs) throws Exception {
    return inputs.sources("org/apache/commons/lang3/", ".java");
  }

  @Override
  JavaEngine engine() {
    return JavaEngine.create().withParent(ClassLoader.getPlatformClassLoader(), List.of());
  }

  @Override
  String run(Object loaded) throws Exception {
    JavaUnit unit = (JavaUnit) loaded;
    Class<?> strings = unit.type(LANG + "StringUtils");
    Object shortened =
        strings
            .getMethod("abbreviate", String.class, int.class)
            .invoke(null, "what is long is shortened", 10);
    Object distance =
        strings
            .getMethod("getLevenshteinDistance", CharSequence.class, CharSequence.class)
            .invoke(null, "kitten", "sitting");
    Object format =
        unit.type(LANG + "time.FastDateFormat")
            .getMethod("getInstance", String.class, TimeZone.class)
            .invoke(null, "yyyy", TimeZone.getTimeZone("UTC"));
    return shortened + ", " + distance + ", " + format;
  }
}
