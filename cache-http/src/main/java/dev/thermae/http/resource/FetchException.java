package dev.thermae.http.resource;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A URL could not be fetched: the message has the URL and what the origin or the network said. */
public final class FetchException extends IOException {
  private static final long serialVersionUID = 1;

  private final String url;
  private final int status;

  private FetchException(String url, int status, String said, @Nullable Throwable cause) {
    super("GET " + url + ": " + said, cause);
    this.url = url;
    this.status = status;
  }

  /**
   * The origin answered something that cannot be used. Declared as an IOException so that verifying
   * a class that throws it does not load this one, on the way of a first hit.
   */
  public static IOException answered(String url, int status, String said) {
    return new FetchException(url, status, said, null);
  }

  /** The network failed, or what it brought was not a response. */
  static FetchException failed(String url, IOException cause) {
    String said = cause.getMessage();
    String kind = cause.getClass().getSimpleName();
    return new FetchException(url, 0, said == null ? kind : said + " (" + kind + ")", cause);
  }

  /** The same for one more caller, with a stack trace of its own. */
  FetchException again() {
    String said = String.valueOf(getMessage()).substring(("GET " + url + ": ").length());
    return new FetchException(url, status, said, this);
  }

  /** The URL or the response is refused by this client; declared as {@link #answered} is. */
  static IOException refused(String url, String why) {
    return new FetchException(url, 0, why, null);
  }

  /** What was asked for. */
  public String url() {
    return url;
  }

  /** The status that the origin answered with; 0 when there was no usable answer. */
  public int status() {
    return status;
  }
}
