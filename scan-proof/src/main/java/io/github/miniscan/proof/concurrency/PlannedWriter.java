package io.github.miniscan.proof.concurrency;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteOptions;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.WriteResult;
import java.util.concurrent.Callable;

/** Writes its batches, as the ingest engine does: one that finds the file locked is tried again. */
final class PlannedWriter implements Callable<PlannedWriter.Written> {

  private static final int BATCHES_A_STORE = 10;

  /** What a write waits for its turn by default, but for the grain of clocks. */
  private static final long LEAST_WAIT_NANOS =
      SqliteOptions.defaults().lockWait().toNanos() * 9 / 10;

  private static final String LOCKED = "is locked by another program";

  private final Plan plan;
  private final int number;
  private final Stores stores;

  PlannedWriter(Plan plan, int number, Stores stores) {
    this.plan = plan;
    this.number = number;
    this.stores = stores;
  }

  /**
   * What was done.
   *
   * @param rows records that were handed over
   * @param retries batches that found the file locked for as long as a write waits
   * @param longestNanos the longest that a batch took until it was durable
   */
  record Written(long batches, long rows, long retries, long longestNanos) {

    static final Written NOTHING = new Written(0, 0, 0, 0);

    Written and(Written other) {
      return new Written(
          batches + other.batches,
          rows + other.rows,
          retries + other.retries,
          Math.max(longestNanos, other.longestNanos));
    }
  }

  @Override
  public Written call() {
    Written all = Written.NOTHING;
    for (int batch = 0; batch < plan.batches(); batch += BATCHES_A_STORE) {
      ScanStore store = stores.take();
      try {
        int to = Math.min(batch + BATCHES_A_STORE, plan.batches());
        for (int each = batch; each < to; each++) {
          all = all.and(write(store, plan.batch(number, each)));
        }
      } finally {
        stores.giveBack(store);
      }
    }
    return all;
  }

  private static Written write(ScanStore store, Batch<ScanRecord> batch) {
    long began = System.nanoTime();
    for (int retries = 0; ; retries++) {
      long triedAt = System.nanoTime();
      try {
        WriteResult result = store.write(batch);
        int rows = batch.records().size();
        if (result.stored() + result.stale() != rows) {
          throw new AssertionError("%s of %d records".formatted(result, rows));
        }
        return new Written(1, rows, retries, System.nanoTime() - began);
      } catch (StoreException e) {
        if (!String.valueOf(e.getMessage()).contains(LOCKED)) {
          throw e;
        }
        long waited = System.nanoTime() - triedAt;
        if (waited < LEAST_WAIT_NANOS) {
          throw new AssertionError("locked already after %,d ns: %s".formatted(waited, e), e);
        }
      }
    }
  }
}
