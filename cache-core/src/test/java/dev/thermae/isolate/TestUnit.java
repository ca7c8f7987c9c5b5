package dev.thermae.isolate;

/** A unit of some weight. */
record TestUnit(String text, int weight) {}
