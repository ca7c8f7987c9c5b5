package dev.thermae.http.resource;

import java.io.IOException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Parses URLs: only where {@link UrlText} could not tell that one is in its normal form. */
final class UrlParser {
  private UrlParser() {}

  /** The normal form of {@code url}, without a fragment. */
  static String normalize(String url) throws IOException {
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null || !isReadAgain(parsed)) {
      throw FetchException.refused(url, "not a URL for http or https");
    }
    if (hasCredentials(parsed)) {
      throw FetchException.refused(
          parsed.redact(), "credentials do not belong in a URL: send an Authorization field");
    }
    return text(parsed);
  }

  /** Where {@code location} leads from {@code base}; null where HTTP does not. */
  static @Nullable String resolve(String base, @Nullable String location) {
    HttpUrl from = location == null ? null : HttpUrl.parse(base);
    HttpUrl to = from == null || location == null ? null : from.resolve(location);
    return to == null || hasCredentials(to) || !isReadAgain(to) ? null : text(to);
  }

  /** OkHttp takes hosts such as {@code é_} but not the encoded form that it makes of them. */
  private static boolean isReadAgain(HttpUrl url) {
    return HttpUrl.parse(url.toString()) != null;
  }

  private static boolean hasCredentials(HttpUrl url) {
    return !url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty();
  }

  /** What a response is stored under. */
  static String text(HttpUrl url) {
    return url.newBuilder().fragment(null).build().toString();
  }
}
