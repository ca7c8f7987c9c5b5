/** The contract between the cache and whatever compiles sources into units. */
@NullMarked
package dev.thermae.engine;

import org.jspecify.annotations.NullMarked;
