/** When code is worth keeping: pure functions from what a slot holds to a plan. */
@NullMarked
package dev.thermae.policy;

import org.jspecify.annotations.NullMarked;
