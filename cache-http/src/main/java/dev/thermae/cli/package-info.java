/** The thermae command. */
@NullMarked
package dev.thermae.cli;

import org.jspecify.annotations.NullMarked;
