/** CommonJS modules on Rhino, over HTTP and from files. */
@NullMarked
package dev.thermae.http.commonjs;

import org.jspecify.annotations.NullMarked;
