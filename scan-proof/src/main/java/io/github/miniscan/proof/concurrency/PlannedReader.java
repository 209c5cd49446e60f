package io.github.miniscan.proof.concurrency;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads until told to stop, and checks all that it sees: whole batches, which never go back. */
final class PlannedReader implements Callable<Long> {

  private static final int READS_A_STORE = 30;

  private final Plan plan;
  private final Random random;
  private final Stores stores;
  private final BooleanSupplier stopped;
  private final Map<IpAddress, ScanRecord> lastSeen = new HashMap<>();

  PlannedReader(Plan plan, int number, Stores stores, BooleanSupplier stopped) {
    this.plan = plan;
    this.random = new Random(plan.seed() + number);
    this.stores = stores;
    this.stopped = stopped;
  }

  /**
   * @return how many reads there were
   * @throws AssertionError when one was not as promised
   */
  @Override
  public Long call() {
    long reads = 0;
    do {
      ScanStore store = stores.take();
      try {
        for (int i = 0; i < READS_A_STORE; i++) {
          readHotHost(store);
          readOwnOf(store, random.nextInt(plan.writers()), random.nextInt(plan.batches()));
          reads += 2;
        }
      } finally {
        stores.giveBack(store);
      }
    } while (!stopped.getAsBoolean());
    return reads;
  }

  private void readHotHost(ScanStore store) {
    IpAddress host = Plan.hotHost(random.nextInt(Plan.HOSTS));
    try (Stream<ScanRecord> found = store.find(ScanQuery.of(ScanFilter.all().withIp(host)))) {
      check(host, found.toList());
    }
  }

  private void check(IpAddress host, List<ScanRecord> records) {
    @Nullable ScanRecord before = lastSeen.get(host);
    if (records.isEmpty() && before == null) {
      return;
    }
    if (records.size() != Plan.KEYS) {
      throw new AssertionError(
          "half a batch: %d of %d keys of %s".formatted(records.size(), Plan.KEYS, host));
    }
    ScanRecord first = records.get(0);
    for (ScanRecord record : records) {
      if (record.lastScanned() != first.lastScanned()
          || record.firstScanned() != first.firstScanned()
          || !record.response().equals(first.response())) {
        throw new AssertionError("half a batch: %s beside %s".formatted(record, first));
      }
    }
    if (before != null && !first.merge(before).equals(first)) {
      throw new AssertionError("what was seen went back: %s after %s".formatted(first, before));
    }
    lastSeen.put(host, first);
  }

  private static void readOwnOf(ScanStore store, int writer, int batch) {
    boolean scanned;
    try (Stream<ScanRecord> found =
        store.find(ScanQuery.of(ScanFilter.all().withIp(Plan.ownHost(writer, batch))))) {
      scanned = found.findAny().isPresent();
    }
    String letter = Plan.ownLetter(writer, batch).id();
    if (scanned && store.findDeadLetter(letter).isEmpty()) {
      throw new AssertionError(
          "half a batch: the record of batch %d of writer %d without its dead letter"
              .formatted(batch, writer));
    }
  }
}
