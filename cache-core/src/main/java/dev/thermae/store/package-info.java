/** Where resources and their code are kept, whatever the medium. */
@NullMarked
package dev.thermae.store;

import org.jspecify.annotations.NullMarked;
