/** Scripts by URL: fetched as HTTP says, compiled once, and found compiled from then on. */
@NullMarked
package dev.thermae.http;

import org.jspecify.annotations.NullMarked;
