/** The disk tier: plain files are the truth, an index beside them is disposable. */
@NullMarked
package dev.thermae.disk;

import org.jspecify.annotations.NullMarked;
