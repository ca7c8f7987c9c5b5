/** Values a code cache is made of: sources, shapes, fingerprints, keys and sealed envelopes. */
@NullMarked
package dev.thermae.code;

import org.jspecify.annotations.NullMarked;
