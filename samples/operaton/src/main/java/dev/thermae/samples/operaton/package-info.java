/** A process engine whose scripts are compiled once, with nothing but a jar added. */
@NullMarked
package dev.thermae.samples.operaton;

import org.jspecify.annotations.NullMarked;
