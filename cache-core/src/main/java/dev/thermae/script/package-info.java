/**
 * Script engines of {@code javax.script} whose compiled code is shared, and Groovy's own class
 * loader and script engine over a cache of the caller's.
 *
 * <p>Nothing here is registered as a service by this artifact; the one with the classifier {@code
 * jsr223} does that.
 */
@NullMarked
package dev.thermae.script;

import org.jspecify.annotations.NullMarked;
