/** What proxy and fleet say to each other about compiled code. */
@NullMarked
package dev.thermae.http.wire;

import org.jspecify.annotations.NullMarked;
