package io.github.miniscan.store;

import io.github.miniscan.ScanRecord;
import java.util.stream.Stream;

/** Reads records. Safe for use by several threads, while others write. */
@FunctionalInterface
public interface ScanReader {

  /**
   * Returns the records that a query asks for, one for each key, in its order.
   *
   * <p>The stream is lazy and must be closed. It reads in pages that are bounded in rows seen and
   * in bytes, and holds no lock, snapshot or cursor longer than a page, however slowly it is
   * consumed. Each record is one that was kept at some instant during the read; every record that
   * matched throughout the read is included.
   *
   * <p>A store reads rows in its own way, more than are asked for where it cannot tell, and ends
   * with {@link ScanQuery#answer}.
   *
   * @throws StoreException at once or while the stream is consumed, when the store cannot be read
   */
  Stream<ScanRecord> find(ScanQuery query);
}
