package dev.thermae.http.resource;

import dev.thermae.store.StoredEntry;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way. Immutable.
 *
 * @param request as the caller made it
 * @param url in normal form
 * @param control the request's directives
 * @param found what was stored when it was looked up, usable or not
 * @param transport the request's own way to the origin; null where it takes everybody's
 */
record Exchange(
    ResourceRequest request,
    String url,
    CacheControl control,
    @Nullable StoredEntry found,
    @Nullable Transport transport) {
  /** The same request on everybody's way. */
  Exchange withoutTransport() {
    return new Exchange(request, url, control, found, null);
  }
}
