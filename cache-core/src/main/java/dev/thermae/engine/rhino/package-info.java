/** Mozilla Rhino: interpreter code, serialized and decoded function by function. */
@NullMarked
package dev.thermae.engine.rhino;

import org.jspecify.annotations.NullMarked;
