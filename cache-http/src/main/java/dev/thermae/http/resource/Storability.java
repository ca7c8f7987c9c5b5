package dev.thermae.http.resource;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether a response to GET may be stored (RFC 9111 section 3), and where not, why. Pure and total.
 */
enum Storability {
  /** It may. */
  STORE("", false),
  /** The request says no-store (section 5.2.1.5). */
  REQUEST_FORBIDS("the request says no-store", false),
  /** The request goes past the cache. */
  PAST_CACHE("the request has conditions or a range", false),
  /** Credentials, and shared caches are not invited (section 3.5). */
  CREDENTIALS("a response to credentials that shared caches may not store", false),
  /** The body was left to whoever reads it: too long, or a stream without an end. */
  NOT_WHOLE("the body is too long, or a stream", false),
  /** The HTTP client sends another value than the request for a field that Vary names. */
  CLIENT_VARIES("the HTTP client changes a field that Vary names", false),
  /** Partial, conditional or not final, or not understood (section 3). */
  STATUS("a status that is not stored", true),
  /** The response says no-store (section 5.2.2.5). */
  NO_STORE("no-store", true),
  /** The response says private (section 5.2.2.7). */
  PRIVATE("private", true),
  /** No request would ever select it again (section 4.1). */
  VARY("Vary says *, or too much", true),
  /** Nothing says that it stays valid for any time. */
  NO_LIFETIME("neither success nor fresh for any time", true);

  private final String words;
  private final boolean saidByResponse;

  Storability(String words, boolean saidByResponse) {
    this.words = words;
    this.saidByResponse = saidByResponse;
  }

  /** Judges a response; Vary is judged where the variant is made. */
  static Storability judge(
      CacheControl request, HeaderList sent, Metadata response, long lifetime, Rules rules) {
    int status = response.status();
    CacheControl control = CacheControl.ofResponse(response.headers(), rules);
    if (request.is(CacheControl.NO_STORE)) {
      return REQUEST_FORBIDS;
    }
    boolean mustUnderstand = control.is(CacheControl.MUST_UNDERSTAND);
    if (status < 200 || status == 206 || status == 304 || mustUnderstand && !isUnderstood(status)) {
      return STATUS;
    }
    if (control.is(CacheControl.NO_STORE) && !mustUnderstand) {
      return NO_STORE;
    }
    if (isAnybodys(sent, rules) && control.is(CacheControl.PRIVATE)) {
      return PRIVATE;
    }
    if (needsInvitation(sent, rules) && !isInvited(control)) {
      return CREDENTIALS;
    }
    boolean success = status == 200 || status == 203 || status == 204;
    return success || lifetime > 0 ? STORE : NO_LIFETIME;
  }

  /** Whether others than the user who asked may get it. */
  static boolean isAnybodys(HeaderList sent, Rules rules) {
    return rules.shared() || hasCredentials(sent) && !rules.singleUser();
  }

  /**
   * Names of fields that are not stored, since the response lists them: in {@code no-cache}, as
   * they may not be used again without validation (section 5.2.2.4); in {@code private}, where
   * others might see them (section 5.2.2.7).
   */
  static List<String> withheld(Metadata response, HeaderList sent, Rules rules) {
    CacheControl control = CacheControl.ofResponse(response.headers(), rules);
    if (control.privateFields().isEmpty() || !isAnybodys(sent, rules)) {
      return control.noCacheFields();
    }
    List<String> names = new ArrayList<>(control.noCacheFields());
    names.addAll(control.privateFields());
    return names;
  }

  private static boolean hasCredentials(HeaderList sent) {
    return sent.has("Authorization") || sent.has("Cookie");
  }

  /**
   * A shared cache heeds Authorization (section 3.5); a private one in a server's JVM has many
   * users, whom cookies tell apart, too.
   */
  private static boolean needsInvitation(HeaderList sent, Rules rules) {
    if (rules.shared()) {
      return sent.has("Authorization");
    }
    return hasCredentials(sent) && !rules.singleUser();
  }

  private static boolean isInvited(CacheControl control) {
    return control.is(CacheControl.PUBLIC)
        || control.is(CacheControl.MUST_REVALIDATE)
        || control.sharedMaxAge() >= 0;
  }

  /** RFC 9110 section 15.1. */
  static boolean isHeuristicallyCacheable(int status) {
    return switch (status) {
      case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
      default -> false;
    };
  }

  private static boolean isUnderstood(int status) {
    return isHeuristicallyCacheable(status) || isRedirect(status);
  }

  /** RFC 9110 section 15.4: statuses that lead elsewhere by themselves. */
  static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** Why not, in words. */
  String words() {
    return words;
  }

  /** Whether the response, a success for everybody, makes what is stored for its URL void. */
  boolean voids(int status, HeaderList sent) {
    return saidByResponse && status == 200 && !hasCredentials(sent);
  }
}
