/** The quickstart and other samples. */
@NullMarked
package dev.thermae.samples;

import org.jspecify.annotations.NullMarked;
