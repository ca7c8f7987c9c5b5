/**
 * Script engines of {@code javax.script} whose compiled code is shared.
 *
 * <p>Nothing here is registered as a service by this artifact; the one with the classifier {@code
 * jsr223} does that.
 */
@NullMarked
package dev.thermae.script;

import org.jspecify.annotations.NullMarked;
