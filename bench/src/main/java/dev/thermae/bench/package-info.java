/** Benchmarks. */
package dev.thermae.bench;
