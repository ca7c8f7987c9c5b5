/** The memory tier of one cache instance: compiled units by key, one compile per key at a time. */
@NullMarked
package dev.thermae.isolate;

import org.jspecify.annotations.NullMarked;
