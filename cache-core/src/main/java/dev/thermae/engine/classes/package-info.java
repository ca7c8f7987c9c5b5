/** Units that are class files: bundled, defined lazily in a loader of their own. */
@NullMarked
package dev.thermae.engine.classes;

import org.jspecify.annotations.NullMarked;
