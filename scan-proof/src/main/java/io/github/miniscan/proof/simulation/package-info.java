/**
 * The ingest engine in a simulated world: a subscription, a store, an executor that decodes ahead
 * and a clock in one thread, where everything that can go wrong does, by chance that follows from a
 * seed.
 *
 * <p>A {@code Schedule} is one such life of a consumer, from the first message that is published
 * until the last is settled, through crashes, stops and restarts. {@code World} has what its parts
 * share, {@code Watch} what an engine may do, {@code Ledger} what must be durable.
 */
@NullMarked
package io.github.miniscan.proof.simulation;

import org.jspecify.annotations.NullMarked;
