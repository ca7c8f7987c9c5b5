/** WebAssembly, compiled to class files by Chicory. */
@NullMarked
package dev.thermae.engine.wasm;

import org.jspecify.annotations.NullMarked;
