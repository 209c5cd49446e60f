package io.github.miniscan.proof.process;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.process.ScanQueue.Acked;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store's file, looked at from outside again and again: whatever was acked must be in it, and
 * nothing that was in it once may ever be older or gone. Has rules of its own: neither a decoder
 * nor {@link ScanRecord#merge} has a part in it.
 */
public final class AckedStore {

  private final Path file;
  private Map<ScanKey, ScanRecord> before = new HashMap<>();
  private long acked;
  private long looks;

  /** A file that need not be there yet. */
  public AckedStore(Path file) {
    this.file = file;
  }

  /** How many acked messages were looked for in the file. */
  public long acked() {
    return acked;
  }

  /** How often the file was looked at. */
  public long looks() {
    return looks;
  }

  /**
   * Looks for each of these in the file, and compares all records with those of the last look.
   *
   * @throws BrokenPromiseException when one is missing, or one is older than it was
   */
  public void check(List<Acked> newlyAcked) {
    acked += newlyAcked.size();
    if (acked == 0 || (newlyAcked.isEmpty() && before.isEmpty())) {
      return;
    }
    if (!Files.exists(file)) {
      throw new BrokenPromiseException(acked + " messages were acked, and there is no " + file);
    }
    looks++;
    try (ScanStore store = SqliteScanStore.openReadOnly(file)) {
      Map<ScanKey, ScanRecord> now = records(store);
      for (ScanRecord earlier : before.values()) {
        if (!covers(now.get(earlier.key()), earlier)) {
          throw new BrokenPromiseException(
              "a record may not go back, and %s became %s"
                  .formatted(earlier, now.get(earlier.key())));
        }
      }
      before = now;
      for (Acked each : newlyAcked) {
        check(store, each);
      }
    }
  }

  private static Map<ScanKey, ScanRecord> records(ScanStore store) {
    Map<ScanKey, ScanRecord> records = new HashMap<>();
    try (Stream<ScanRecord> all = store.find(ScanQuery.all())) {
      for (Iterator<ScanRecord> each = all.iterator(); each.hasNext(); ) {
        ScanRecord record = each.next();
        records.put(record.key(), record);
      }
    }
    return records;
  }

  private void check(ScanStore store, Acked each) {
    Optional<ScanRecord> scan = each.meant().record();
    if (scan.isPresent()) {
      ScanRecord kept = before.get(scan.get().key());
      if (!covers(kept, scan.get())) {
        throw new BrokenPromiseException(
            "message %s was acked and is lost: it says %s, and the store has %s"
                .formatted(each.message().id(), scan.get(), kept));
      }
    } else if (store.findDeadLetter(DeadLetter.idOf(each.message())).isEmpty()) {
      throw new BrokenPromiseException(
          "message %s was acked and is lost: it must be a dead letter (%s), and there is none of it"
              .formatted(each.message().id(), each.meant().reason().orElseThrow()));
    }
  }

  /** Whether a record has taken in another of its key. */
  private static boolean covers(@Nullable ScanRecord record, ScanRecord other) {
    if (record == null || record.firstScanned() > other.firstScanned()) {
      return false;
    }
    return record.lastScanned() != other.lastScanned()
        ? record.lastScanned() > other.lastScanned()
        : Arrays.compareUnsigned(record.response().bytes(), other.response().bytes()) >= 0;
  }

  /**
   * Compares all that is in the file with what must be there.
   *
   * @throws BrokenPromiseException when they differ
   */
  public void checkAll(Oracle oracle) {
    try (ScanStore store = SqliteScanStore.openReadOnly(file)) {
      OracleReport report = oracle.check(store, store);
      if (!report.agrees()) {
        throw new BrokenPromiseException("the store must hold what was published: " + report);
      }
    }
  }
}
