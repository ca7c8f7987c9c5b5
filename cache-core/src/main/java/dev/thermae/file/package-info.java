/**
 * Scripts from local files through the code cache, and an opt-in that watches them.
 *
 * <p>Stands above the cache and is imported by nothing below. The library that watches is loaded
 * only where watching is asked for.
 */
@NullMarked
package dev.thermae.file;

import org.jspecify.annotations.NullMarked;
