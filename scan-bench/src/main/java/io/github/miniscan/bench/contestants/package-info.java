/**
 * The programs that are measured beside {@code consume}: each takes messages from a subscription,
 * in a process of its own, until it is ended. Their arguments are the server's endpoint, the
 * subscription's full name and the database file.
 */
@NullMarked
package io.github.miniscan.bench.contestants;

import org.jspecify.annotations.NullMarked;
