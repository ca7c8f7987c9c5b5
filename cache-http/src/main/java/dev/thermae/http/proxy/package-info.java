/** A reverse proxy for one origin that answers from a store: Jetty in front, OkHttp behind. */
@NullMarked
package dev.thermae.http.proxy;

import org.jspecify.annotations.NullMarked;
