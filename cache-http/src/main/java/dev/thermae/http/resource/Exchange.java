package dev.thermae.http.resource;

/**
 * One request on its way. Immutable.
 *
 * @param request as the caller made it
 * @param url in normal form
 * @param control the request's directives
 */
record Exchange(ResourceRequest request, String url, CacheControl control) {}
