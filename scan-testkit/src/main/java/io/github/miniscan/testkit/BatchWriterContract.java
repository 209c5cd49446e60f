package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Scans.all;
import static io.github.miniscan.testkit.Scans.assertHolds;
import static io.github.miniscan.testkit.Scans.decoded;
import static io.github.miniscan.testkit.Scans.key;
import static io.github.miniscan.testkit.Scans.merged;
import static io.github.miniscan.testkit.Scans.scan;
import static io.github.miniscan.testkit.Scans.write;
import static io.github.miniscan.testkit.Threads.inParallel;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link io.github.miniscan.store.BatchWriter}, as tests: repetition, order,
 * batches and writers change nothing in what is kept, and every record is counted once.
 *
 * <p>The tests need nothing of a record but many that concern the same thing, and a function that
 * says what is to be kept of them. How scans are merged is in {@link UpsertContract}.
 */
public interface BatchWriterContract extends StoreCapabilities {

  @Test
  default void changesNothingWhenTheSameIsWrittenAgain() {
    List<ScanRecord> scans = Scans.withTies(new Random(11));
    DeadLetter letter = Letters.letter("1", 1);
    List<Decoded<ScanRecord>> records = scans.stream().map(Scans::decoded).toList();
    Batch<ScanRecord> batch = Batch.of(records, List.of(letter));
    try (ScanStore store = open()) {
      store.write(batch);
      List<ScanRecord> kept = all(store);
      store.write(batch);
      store.write(Batch.of(records.subList(3, 9), List.of(letter)));
      assertThat(all(store)).isEqualTo(kept).isEqualTo(merged(scans));
      Letters.assertSame(Letters.all(store), List.of(letter));
    }
  }

  /** Each of a thousand hosts sees the same scans in an order of its own. */
  @Test
  default void endsInTheSameRecordsWhateverTheOrderTheRepetitionsTheBatchesAndTheWriters() {
    Seeded.run(
        random -> {
          int orders = 1_000;
          int batches = 60;
          List<ScanRecord> scans = Scans.withTies(random);
          List<ScanRecord> expected = new ArrayList<>();
          List<List<Decoded<ScanRecord>>> written = new ArrayList<>();
          for (int i = 0; i < batches; i++) {
            written.add(new ArrayList<>());
          }
          for (int order = 0; order < orders; order++) {
            IpAddress host = IpAddress.ofV4(0x0a000000 + order);
            List<ScanRecord> ofHost = scans.stream().map(s -> Scans.onHost(host, s)).toList();
            expected.addAll(merged(ofHost));
            for (ScanRecord scan : ofHost) {
              int copies = 1 + random.nextInt(3) / 2;
              for (int copy = 0; copy < copies; copy++) {
                written.get(random.nextInt(batches)).add(decoded(scan));
              }
            }
          }
          written.forEach(batch -> Collections.shuffle(batch, random));

          try (ScanStore store = open();
              ScanStore other = openBeside(store)) {
            inParallel(
                () -> writeEach(store, written.subList(0, batches / 2)),
                () -> writeEach(other, written.subList(batches / 2, batches)));
            assertHolds(store, expected);
            assertHolds(other, expected);
            settle(store);
            assertHolds(store, expected);
            assertHolds(other, expected);
          }
        });
  }

  private static void writeEach(ScanStore store, List<List<Decoded<ScanRecord>>> batches) {
    batches.forEach(batch -> store.write(Batch.of(batch, List.of())));
  }

  @Test
  default void countsEveryRecordOfABatchOnce() {
    ScanKey key = key("1.1.1.1", 80, "HTTP");
    try (ScanStore store = open()) {
      for (List<ScanRecord> scans :
          List.of(
              List.of(scan(key, 2, "b")),
              List.of(scan(key, 2, "b"), scan(key, 2, "b")),
              List.of(scan(key, 1, "a"), scan(key, 9, "c"), scan(key("1.1.1.2", 1, "A"), 1, "")),
              Scans.withTies(new Random(5)))) {
        WriteResult result = write(store, scans);
        assertThat(result.stored() + result.stale()).isEqualTo(scans.size());
      }
    }
  }

  @Test
  default void countsARecordAsStaleWhenItChangesNothingAndTheStoreCanTell() {
    ScanKey key = key("1.1.1.1", 80, "HTTP");
    WriteResult stored = WriteResult.of(1, 0);
    WriteResult stale = canTellStaleRecords() ? WriteResult.of(0, 1) : stored;
    try (ScanStore store = open()) {
      assertThat(write(store, scan(key, 5, "b"))).as("the first").isEqualTo(stored);
      assertThat(write(store, scan(key, 5, "b"))).as("the same again").isEqualTo(stale);
      assertThat(write(store, scan(key, 5, "a"))).as("the lesser of a tie").isEqualTo(stale);
      assertThat(write(store, scan(key, 5, "c"))).as("the greater of a tie").isEqualTo(stored);
      assertThat(write(store, scan(key, 9, ""))).as("a later one").isEqualTo(stored);
      assertThat(write(store, scan(key, 7, "z"))).as("one between").isEqualTo(stale);
      assertThat(write(store, scan(key, 1, "z"))).as("an earlier one").isEqualTo(stored);
      assertThat(write(store, scan(key, 1, "z"))).as("the earlier one again").isEqualTo(stale);
    }
  }

  @Test
  default void takesAnEmptyBatch() {
    try (ScanStore store = open()) {
      assertThat(store.write(Batch.of(List.of(), List.of()))).isEqualTo(WriteResult.of(0, 0));
      assertThat(all(store)).isEmpty();
      assertThat(Letters.all(store)).isEmpty();
    }
  }

  @Test
  default void takesALargeBatch() {
    Random random = new Random(3);
    List<ScanRecord> scans =
        IntStream.range(0, 20_000)
            .mapToObj(i -> scan(key("10.1." + random.nextInt(60) + ".1", i % 200, "S"), i, "r" + i))
            .toList();
    try (ScanStore store = open()) {
      write(store, scans);
      assertHolds(store, merged(scans));
    }
  }

  @Test
  default void showsWhatOneWroteToAnotherThatIsOpen() {
    ScanRecord scan = scan(key("1.1.1.1", 80, "HTTP"), 1, "x");
    DeadLetter letter = Letters.letter("1", 1);
    try (ScanStore store = open();
        ScanStore other = openBeside(store)) {
      assertThat(all(other)).isEmpty();
      store.write(Batch.of(List.of(decoded(scan)), List.of(letter)));
      assertThat(all(other)).containsExactly(scan);
      Letters.assertSame(Letters.all(other), List.of(letter));
    }
  }

  @Test
  default void writersAndReadersInThreadsDisturbNobody() throws Exception {
    List<ScanRecord> early = Scans.ofNetwork(1, 150, 5);
    List<ScanRecord> late = Scans.ofNetwork(1, 150, 6);
    List<ScanRecord> others = Scans.ofNetwork(2, 150, 5);
    try (ScanStore store = open();
        ScanStore other = openBeside(store)) {
      inParallel(
          () -> early.forEach(scan -> write(store, scan)),
          () -> late.forEach(scan -> write(other, scan)),
          () -> others.forEach(scan -> write(store, scan)),
          () -> readAgainAndAgain(store),
          () -> readAgainAndAgain(other));
      List<ScanRecord> written = new ArrayList<>();
      List.of(early, late, others).forEach(written::addAll);
      assertHolds(store, merged(written));
      assertHolds(other, merged(written));
    }
  }

  private static void readAgainAndAgain(ScanStore store) {
    for (int i = 0; i < 50; i++) {
      assertThat(all(store)).extracting(ScanRecord::key).isSorted().doesNotHaveDuplicates();
    }
  }
}
