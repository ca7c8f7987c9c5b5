package dev.thermae.http.commonjs;

import dev.thermae.code.Source;
import dev.thermae.http.resource.Fetched;
import org.jspecify.annotations.Nullable;

/**
 * A file that is there.
 *
 * @param url what it is known by, after redirects and links
 * @param fetched the response; null for a file
 * @param changed whether it is another than what a process saw before, or may be
 */
record Found(String url, Source source, @Nullable Fetched fetched, boolean changed) {}
