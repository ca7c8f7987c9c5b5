/**
 * HTTP resources in a store: a client that follows RFC 9111 and keeps what it fetched, with the
 * generation that code is attached to.
 */
@NullMarked
package dev.thermae.http.resource;

import org.jspecify.annotations.NullMarked;
