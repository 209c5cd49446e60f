package io.github.miniscan.testkit;

import io.github.miniscan.store.ScanStore;

/**
 * The store that a contract tests, and what it is able to do.
 *
 * <p>A store's test class implements {@link ScanStoreContract}. Each further ability has a contract
 * of its own: {@link ReopeningContract}, {@link ReadOnlyContract}, {@link RefusingContract}. No
 * contract assumes a single writer or transactions.
 *
 * <p>Tests with random data print their seed when they fail; {@code -Dscan.seed=N} repeats it.
 */
public interface StoreCapabilities {

  /**
   * Opens the store. It is empty at the start of each test, and every call within a test opens the
   * same one; the test closes each.
   */
  ScanStore open();

  /**
   * Opens the store a second time while it is open, as another process would. A store that lives
   * and dies with its object returns that object.
   */
  default ScanStore openBeside(ScanStore opened) {
    return open();
  }

  /** Returns the number of bytes in the largest response that the store must keep. */
  default int largestResponse() {
    return 9_500_000;
  }

  /**
   * Returns whether the store tells records that changed something from records that changed
   * nothing. A store that cannot tell counts every record as stored.
   */
  default boolean canTellStaleRecords() {
    return true;
  }

  /**
   * Makes the store do now what it otherwise does later, such as compaction. No answer may differ
   * afterwards.
   */
  default void settle(ScanStore opened) {}
}
