/** Compiling in JVMs of its own, so that a hostile source harms nobody else. */
@NullMarked
package dev.thermae.http.compile;

import org.jspecify.annotations.NullMarked;
