/** Java source, compiled by Janino. */
@NullMarked
package dev.thermae.engine.janino;

import org.jspecify.annotations.NullMarked;
