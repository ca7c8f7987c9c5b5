/** V8, through Javet. */
@NullMarked
package dev.thermae.engine.v8;

import org.jspecify.annotations.NullMarked;
