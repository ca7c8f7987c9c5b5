/** Java source, compiled by the JDK's own compiler. */
@NullMarked
package dev.thermae.engine.javac;

import org.jspecify.annotations.NullMarked;
