/** What tests share: fakes for time and faults, a tiny engine, child processes. */
package dev.thermae.testing;
