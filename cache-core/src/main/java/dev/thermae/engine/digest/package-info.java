/** What the caches that engines' own libraries ask for stand on. */
@NullMarked
package dev.thermae.engine.digest;

import org.jspecify.annotations.NullMarked;
