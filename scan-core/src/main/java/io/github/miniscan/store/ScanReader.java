package io.github.miniscan.store;

import io.github.miniscan.ScanRecord;
import java.util.stream.Stream;

/** Reads records. Safe for use by several threads, while others write. */
public interface ScanReader {

  /**
   * The records that a query asks for, one for each key, in the order of keys.
   *
   * <p>The stream is lazy, holds no lock that would stop a writer, however slowly it is consumed,
   * and must be closed. Each record is one that was kept at some instant while the stream was read;
   * all that matched from beginning to end are among them.
   *
   * @throws StoreException at once or while the stream is consumed, when the store can not be read
   */
  default Stream<ScanRecord> find(ScanQuery query) {
    return candidates(query).filter(query::matches).limit(query.limit());
  }

  /**
   * For stores to implement, and for {@link #find} alone to call: as {@code find}, but a store may
   * give records that were not asked for as well, where it can not filter better.
   */
  Stream<ScanRecord> candidates(ScanQuery query);
}
