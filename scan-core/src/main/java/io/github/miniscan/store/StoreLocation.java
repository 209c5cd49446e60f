package io.github.miniscan.store;

import java.time.Duration;

/**
 * A place where a store is, or can be created. Each adapter has its own; a program chooses one by
 * the scheme of a URL and knows no more of the store than this.
 */
public interface StoreLocation {

  /**
   * Opens the store for reading and writing, and creates it where there is none. Both are safe
   * while others do the same.
   *
   * @param longestWait how long to wait for a store that is locked or cannot be reached
   * @throws UnusableStoreException when this program will never be able to use the store
   * @throws StoreException when the store cannot be opened within that time
   */
  ScanStore openOrCreate(Duration longestWait);

  /**
   * Opens an existing store for reading and writing; creates nothing.
   *
   * @param longestWait how long to wait for a store that is locked or cannot be reached
   * @throws UnusableStoreException when this program will never be able to use the store
   * @throws StoreException when there is no store, or it cannot be opened within that time
   */
  ScanStore openExisting(Duration longestWait);

  /**
   * Opens an existing store for reading; creates nothing and changes nothing. Every method of the
   * store that would change something throws {@link UnusableStoreException}.
   *
   * @param longestWait how long to wait for a store that is locked or cannot be reached
   * @throws UnusableStoreException when this program will never be able to use the store
   * @throws StoreException when there is no store, or it cannot be read
   */
  ScanStore openReadOnly(Duration longestWait);

  /** Returns the location as a program's user gives it, without any secret. */
  @Override
  String toString();
}
