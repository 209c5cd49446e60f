package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Letters.assertSame;
import static io.github.miniscan.testkit.Letters.letter;
import static io.github.miniscan.testkit.Scans.assertHolds;
import static io.github.miniscan.testkit.Scans.decoded;
import static io.github.miniscan.testkit.Scans.key;
import static io.github.miniscan.testkit.Scans.merged;
import static io.github.miniscan.testkit.Scans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The promises of a store that outlives its process, as tests: whatever a call did is there when
 * the store is opened again, and a server that crashes in between loses nothing.
 */
public interface ReopeningContract extends StoreCapabilities {

  /**
   * Crashes the server that keeps the store, and starts it again. A store that is open may throw
   * {@link StoreException} until it has noticed, and works again afterwards. Does nothing where
   * there is no server.
   */
  default void restart() {}

  @Test
  default void keepsEverythingWhenReopened() {
    List<ScanRecord> scans = Scans.withTies(new Random(4));
    DeadLetter updated = letter("1", 1);
    DeadLetter removed = letter("2", 2);
    DeadLetter replayed = letter("3", 3);
    DeadLetter other = letter("4", 4);
    ScanRecord late = scan(key("9.9.9.9", 9, "NINE"), 9, "nine");
    try (ScanStore store = open()) {
      Scans.write(store, scans);
      Letters.write(store, updated, removed, replayed, other);
    }
    restart();
    try (ScanStore store = open()) {
      assertHolds(store, merged(scans));
      assertSame(Letters.all(store), List.of(updated, removed, replayed, other));
      store.updateReason(updated.id(), Reason.FUTURE_TIMESTAMP, "later");
      store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of(removed.id())));
      store.write(
          Batch.of(List.of(decoded(late)), List.<DeadLetter>of())
              .withReplayed(List.of(replayed.id())));
    }
    restart();
    List<ScanRecord> written = new ArrayList<>(scans);
    written.add(late);
    try (ScanStore store = open()) {
      assertHolds(store, merged(written));
      assertSame(
          Letters.all(store),
          List.of(
              new DeadLetter(
                  updated.id(),
                  Reason.FUTURE_TIMESTAMP,
                  "later",
                  updated.message(),
                  updated.receivedAt()),
              other));
    }
  }

  /** A store that was not closed is one whose process was killed. */
  @Test
  default void keepsWhatWasWrittenWithoutBeingClosedAndGoesOnAfterACrash() throws Exception {
    List<ScanRecord> scans = Scans.ofNetwork(1, 100, 1);
    ScanRecord late = scan(key("9.9.9.9", 9, "NINE"), 9, "nine");
    try (ScanStore abandoned = open()) {
      Scans.write(abandoned, scans);
      restart();
      try (ScanStore store = open()) {
        assertHolds(store, scans);
      }
      untilItWorks(() -> Scans.write(abandoned, late));
      try (ScanStore store = open()) {
        assertThat(Scans.find(store, ScanQuery.of(ScanFilter.all().withPort(9))))
            .containsExactly(late);
      }
    }
  }

  @Test
  default void endsInTheSameRecordsWhateverIsClosedReopenedAndRestarted() {
    Seeded.run(
        random -> {
          List<List<ScanRecord>> batches = new ArrayList<>();
          List<ScanRecord> written = new ArrayList<>();
          for (int i = 0; i < 60; i++) {
            IpAddress host = IpAddress.ofV4(random.nextInt(3));
            List<ScanRecord> batch =
                Scans.withTies(random).stream().map(s -> Scans.onHost(host, s)).toList();
            batches.add(batch);
            written.addAll(batch);
          }
          long one = random.nextLong();
          long two = random.nextLong();
          Threads.inParallel(
              () -> writeAndReopen(batches.subList(0, 30), new Random(one), true),
              () -> writeAndReopen(batches.subList(30, 60), new Random(two), false));
          try (ScanStore store = open()) {
            assertHolds(store, merged(written));
          }
        });
  }

  private void writeAndReopen(List<List<ScanRecord>> batches, Random random, boolean restarts)
      throws InterruptedException {
    ScanStore store = untilItWorks(this::open);
    try {
      for (List<ScanRecord> batch : batches) {
        if (restarts && random.nextInt(6) == 0) {
          restart();
        }
        if (random.nextInt(4) == 0) {
          store.close();
          store = untilItWorks(this::open);
        }
        ScanStore opened = store;
        untilItWorks(() -> Scans.write(opened, batch));
      }
    } finally {
      store.close();
    }
  }

  /** Tries again while the store is down, as the engine does. */
  private static <T> T untilItWorks(Supplier<T> work) throws InterruptedException {
    long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      try {
        return work.get();
      } catch (UnusableStoreException e) {
        throw e;
      } catch (StoreException e) {
        if (System.nanoTime() > giveUp) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }
}
