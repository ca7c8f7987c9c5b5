/**
 * Which origins a server may be sent to by others, and which addresses they may have: allow-list,
 * special-purpose addresses refused after resolution. Knows HTTP's URLs and OkHttp, not the proxy.
 */
@NullMarked
package dev.thermae.http.guard;

import org.jspecify.annotations.NullMarked;
