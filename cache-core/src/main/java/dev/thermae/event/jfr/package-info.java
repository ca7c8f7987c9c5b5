/** What a cache does, as events of the JVM's flight recorder. */
@NullMarked
package dev.thermae.event.jfr;

import org.jspecify.annotations.NullMarked;
