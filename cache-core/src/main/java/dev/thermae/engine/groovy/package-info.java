/** Groovy. */
@NullMarked
package dev.thermae.engine.groovy;

import org.jspecify.annotations.NullMarked;
