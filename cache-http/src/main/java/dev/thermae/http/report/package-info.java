/** What people are told of a cache: explanations, and reports as text and JSON. */
@NullMarked
package dev.thermae.http.report;

import org.jspecify.annotations.NullMarked;
