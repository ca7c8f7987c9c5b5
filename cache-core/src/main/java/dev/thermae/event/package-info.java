/** What a cache tells of its work: listener, statistics, time. */
@NullMarked
package dev.thermae.event;

import org.jspecify.annotations.NullMarked;
