package dev.thermae.engine.rhino;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.SecurityController;

/**
 * Everything a compilation depends on besides source and shape: what a new Context of one factory
 * would use, with a language version of our choice. Immutable.
 */
final class RhinoOptions {
  private static final int RESERVED_KEYWORDS = 1;
  private static final int MEMBER_NAMES = 1 << 1;
  private static final int XML = 1 << 2;
  private static final int STRICT = 1 << 3;
  private static final int WARNING_AS_ERROR = 1 << 4;
  private static final int DEBUG = 1 << 5;
  private static final int SOURCE = 1 << 6;
  private static final int OBSERVER = 1 << 7;

  private final ContextFactory factory;
  private final int languageVersion;
  private final int flags;
  private final String[] activationNames;

  private RhinoOptions(
      ContextFactory factory, int languageVersion, int flags, String[] activationNames) {
    this.factory = factory;
    this.languageVersion = languageVersion;
    this.flags = flags;
    this.activationNames = activationNames;
  }

  /** The options of {@code factory}, which is asked unless it is a plain one. */
  static RhinoOptions of(ContextFactory factory, int languageVersion) {
    if (factory.getClass() != ContextFactory.class) {
      return RhinoProbe.options(factory, languageVersion);
    }
    int flags = RESERVED_KEYWORDS | DEBUG | SOURCE;
    if (languageVersion == Context.VERSION_DEFAULT || languageVersion >= Context.VERSION_1_6) {
      flags |= XML;
    }
    return new RhinoOptions(factory, languageVersion, flags, new String[0]);
  }

  /** The options that {@code environs} was set to, for another language version. */
  static RhinoOptions of(ContextFactory factory, int languageVersion, CompilerEnvirons environs) {
    int flags =
        bit(environs.isReservedKeywordAsIdentifier(), RESERVED_KEYWORDS)
            | bit(environs.isAllowMemberExprAsFunctionName(), MEMBER_NAMES)
            | bit(environs.isXmlAvailable(), XML)
            | bit(environs.isStrictMode(), STRICT)
            | bit(environs.reportWarningAsError(), WARNING_AS_ERROR)
            | bit(environs.isGenerateDebugInfo(), DEBUG)
            | bit(environs.isGeneratingSource(), SOURCE)
            | bit(environs.isGenerateObserverCount(), OBSERVER);
    Set<String> names = environs.getActivationNames();
    String[] sorted = names == null ? new String[0] : names.toArray(new String[0]);
    Arrays.sort(sorted);
    return new RhinoOptions(factory, languageVersion, flags, sorted);
  }

  private static int bit(boolean set, int bit) {
    return set ? bit : 0;
  }

  /** Sets all of {@code environs} that can change code. */
  void applyTo(CompilerEnvirons environs, boolean strict) {
    environs.setLanguageVersion(languageVersion);
    environs.setInterpretedMode(true);
    environs.setReservedKeywordAsIdentifier(has(RESERVED_KEYWORDS));
    environs.setAllowMemberExprAsFunctionName(has(MEMBER_NAMES));
    environs.setXmlAvailable(has(XML));
    environs.setStrictMode(strict || has(STRICT));
    environs.setGenerateDebugInfo(has(DEBUG));
    environs.setGeneratingSource(has(SOURCE));
    environs.setGenerateObserverCount(has(OBSERVER));
    environs.setActivationNames(activationNames.length == 0 ? null : Set.of(activationNames));
  }

  /** Whether warnings are errors; there is no way to set this on CompilerEnvirons. */
  boolean warningsAsErrors() {
    return has(WARNING_AS_ERROR);
  }

  private boolean has(int bit) {
    return (flags & bit) != 0;
  }

  /** One line of text, equal for equal options. */
  void describe(StringBuilder text) {
    text.append("language ").append(languageVersion).append(" flags ").append(flags);
    for (String name : activationNames) {
      text.append(' ').append(name);
    }
  }

  /** The same by name. */
  void describe(Map<String, String> parts) {
    parts.put("languageVersion", Integer.toString(languageVersion));
    parts.put("reservedKeywordsAsIdentifiers", Boolean.toString(has(RESERVED_KEYWORDS)));
    parts.put("memberExpressionsAsFunctionNames", Boolean.toString(has(MEMBER_NAMES)));
    parts.put("xml", Boolean.toString(has(XML)));
    parts.put("strict", Boolean.toString(has(STRICT)));
    parts.put("warningsAsErrors", Boolean.toString(has(WARNING_AS_ERROR)));
    parts.put("debug", Boolean.toString(has(DEBUG)));
    parts.put("source", Boolean.toString(has(SOURCE)));
    parts.put("observerCount", Boolean.toString(has(OBSERVER)));
    parts.put("activationNames", String.join(" ", activationNames));
  }

  /**
   * Compiles a regular-expression literal as the compiler does it, whatever language version the
   * current Context is set to.
   */
  Object regExp(String pattern, String modes) {
    Context context = factory.enterContext();
    int version = swapVersion(context, languageVersion);
    try {
      return ScriptRuntime.checkRegExpProxy(context).compileRegExp(context, pattern, modes);
    } finally {
      swapVersion(context, version);
      Context.exit();
    }
  }

  /** The factory of Contexts where a thread has none. */
  ContextFactory factory() {
    return factory;
  }

  /** Sets a Context to our language version and returns the one it had. */
  int swapVersion(Context context) {
    return swapVersion(context, languageVersion);
  }

  /** Sets the language version of a Context unless it is sealed, and returns the old one. */
  static int swapVersion(Context context, int version) {
    int old = context.getLanguageVersion();
    if (old != version && !context.isSealed()) {
      context.setLanguageVersion(version);
    }
    return old;
  }

  /** The security controller that code compiled now would get; null nearly always. */
  static @Nullable SecurityController securityController() {
    Context context = Context.getCurrentContext();
    if (context == null && !SecurityController.hasGlobal()) {
      return null;
    }
    CompilerEnvirons environs = new CompilerEnvirons();
    environs.initFromContext(context);
    return environs.securityController();
  }
}
