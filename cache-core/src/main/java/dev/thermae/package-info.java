/** The code cache: composes engines, the isolate tier and a store. */
@NullMarked
package dev.thermae;

import org.jspecify.annotations.NullMarked;
