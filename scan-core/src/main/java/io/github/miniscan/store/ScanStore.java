package io.github.miniscan.store;

import io.github.miniscan.ScanRecord;

/**
 * A store with all its roles. Whoever opened it closes it; give a role, not the store, to those who
 * need only that.
 *
 * <p>One promise holds for all stores: what a call wrote is durable when it returns, and writing
 * the same again changes nothing. To write one, see the contract in {@code scan-testkit}.
 */
public interface ScanStore extends BatchWriter<ScanRecord>, ScanReader, DeadLetters, AutoCloseable {

  /**
   * Releases the store's resources. Written data is safe without it. A second call does nothing;
   * any other call afterwards throws {@link UnusableStoreException}.
   */
  @Override
  void close();
}
