package dev.thermae.http.resource;

/** Told of every head that a loader stores or renews; on its thread, so it must be quick. */
@FunctionalInterface
public interface HeadListener {
  /** A response to {@code url}, in normal form, has these fields from now on. */
  void onHead(String url, HeaderList headers);
}
