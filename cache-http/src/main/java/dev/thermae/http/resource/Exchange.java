package dev.thermae.http.resource;

import org.jspecify.annotations.Nullable;

/**
 * One request on its way. Immutable.
 *
 * @param request as the caller made it
 * @param url in normal form
 * @param control the request's directives
 * @param transport the request's own way to the origin; null where it takes everybody's
 */
record Exchange(
    ResourceRequest request, String url, CacheControl control, @Nullable Transport transport) {
  /** The same request on everybody's way. */
  Exchange withoutTransport() {
    return new Exchange(request, url, control, null);
  }
}
