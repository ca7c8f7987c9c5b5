package dev.thermae.http.compile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sources that would run code of their own, or fetch some, while they are compiled. Pure.
 *
 * <p>Groovy does so for {@code @ASTTest}, whose closure runs in the compiler, for {@code @Grab},
 * which downloads jars, and for annotations that name a class of the class path for the compiler to
 * run. Each has to be named in the source for that, under an alias too, so sources with these words
 * are refused, wherever they stand; escapes are looked through.
 */
final class CompileTimeCode {
  private static final Pattern GROOVY =
      Pattern.compile(
          "ASTTest|Grab|Grape|GroovyASTTransformation|AnnotationCollector"
              + "|builderStrategy|propertyHandler|loggingStrategy|ClosureSignatureHint");

  /** Extensions of the type checker are scripts; the word alone is a common one. */
  private static final Pattern CHECKED = Pattern.compile("TypeChecked|CompileStatic");

  private static final Pattern ESCAPE = Pattern.compile("\\\\u+([0-9a-fA-F]{4})");

  private CompileTimeCode() {}

  /** Why it must not be compiled, or null. */
  static @Nullable String in(WorkerRequest request) {
    return request.engine().equals("groovy") ? inGroovy(request.source().text()) : null;
  }

  static @Nullable String inGroovy(String text) {
    String found = word(text);
    String read = text;
    while (found == null && ESCAPE.matcher(read).find()) {
      read = ESCAPE.matcher(read).replaceAll(CompileTimeCode::unescaped);
      found = word(read);
    }
    return found == null ? null : "not compiled here, since it may run code then: " + found;
  }

  private static String unescaped(java.util.regex.MatchResult escape) {
    char read = (char) Integer.parseInt(escape.group(1), 16);
    return Matcher.quoteReplacement(String.valueOf(read));
  }

  private static @Nullable String word(String text) {
    Matcher found = GROOVY.matcher(text);
    if (found.find()) {
      return found.group();
    }
    boolean extended = text.contains("extensions") && CHECKED.matcher(text).find();
    return extended ? "extensions of the type checker" : null;
  }
}
