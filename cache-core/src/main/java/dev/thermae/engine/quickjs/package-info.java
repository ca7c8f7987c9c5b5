/** JavaScript, compiled and run by QuickJS as WebAssembly on the JVM. */
@NullMarked
package dev.thermae.engine.quickjs;

import org.jspecify.annotations.NullMarked;
