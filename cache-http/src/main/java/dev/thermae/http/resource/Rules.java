package dev.thermae.http.resource;

/**
 * What kind of cache this is. Immutable.
 *
 * @param shared whether many users share it, as RFC 9111 means it
 * @param singleUser whether everything in the namespace is one user's
 * @param disconnectedMillis how stale a response may be when the origin cannot be reached
 * @param heuristicMillis upper limit for heuristic lifetimes
 * @param negativeMillis lifetime of an error that says nothing of one, and of a failure to connect
 */
record Rules(
    boolean shared,
    boolean singleUser,
    long disconnectedMillis,
    long heuristicMillis,
    long negativeMillis) {}
