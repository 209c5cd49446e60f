/**
 * Stores of records and dead letters, as a few small roles: writing batches, reading by a query,
 * and dead letters.
 *
 * <p>{@link io.github.miniscan.store.ScanStore} has them all; {@link
 * io.github.miniscan.store.InMemoryScanStore} is the simplest one.
 */
@NullMarked
package io.github.miniscan.store;

import org.jspecify.annotations.NullMarked;
