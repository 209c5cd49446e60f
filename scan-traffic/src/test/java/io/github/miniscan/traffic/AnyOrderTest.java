package io.github.miniscan.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The final state is a function of the set of messages. */
class AnyOrderTest {

  private static final int ORDERS = 1_000;
  private static final int MESSAGES = 300;

  @Test
  void endsInTheSameRecordsInEveryOrderWithDuplicatesInBatchesOverTwoWriters() throws Exception {
    TrafficOptions options = TrafficOptions.nasty(1).withKeys(25).withTies(0.3);
    List<TrafficMessage> published = TrafficGeneratorTest.take(options, MESSAGES).toList();
    List<Settled> settled = Settled.all(published);
    Oracle oracle = Oracle.of(options, MESSAGES);
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      for (long seed = 0; seed < ORDERS; seed++) {
        Random random = new Random(seed);
        try (ScanStore store = new InMemoryScanStore()) {
          List<Callable<Void>> halves = deal(settled, store, random);
          for (Future<Void> half : writers.invokeAll(halves)) {
            half.get();
          }
          OracleReport report = oracle.check(store, store);
          assertThat(report.agrees()).as("seed %d: %s", seed, report).isTrue();
          assertThat(ids(store)).as("seed %d", seed).isEqualTo(ids(settled));
        }
      }
    } finally {
      writers.shutdownNow();
    }
  }

  @Test
  void comparesStoresToTheByte() {
    TrafficOptions options = TrafficOptions.nasty(2).withKeys(10);
    List<Settled> settled = Settled.all(TrafficGeneratorTest.take(options, MESSAGES).toList());
    InMemoryScanStore one = new InMemoryScanStore();
    InMemoryScanStore other = new InMemoryScanStore();
    settled.forEach(each -> one.write(Settled.batch(List.of(each))));
    List<Settled> reversed = new ArrayList<>(settled);
    Collections.reverse(reversed);
    other.write(Settled.batch(reversed));
    assertThat(records(other)).isEqualTo(records(one)).isNotEmpty();
  }

  /** Every message once or more, in some order, in batches of some size, dealt to two writers. */
  private static List<Callable<Void>> deal(
      List<Settled> settled, BatchWriter<ScanRecord> store, Random random) {
    List<Settled> deliveries = new ArrayList<>(settled);
    for (int i = random.nextInt(MESSAGES); i > 0; i--) {
      deliveries.add(settled.get(random.nextInt(settled.size())));
    }
    Collections.shuffle(deliveries, random);
    List<List<List<Settled>>> hands = List.of(new ArrayList<>(), new ArrayList<>());
    int longest = 1 + random.nextInt(100);
    for (int from = 0; from < deliveries.size(); ) {
      int to = Math.min(deliveries.size(), from + 1 + random.nextInt(longest));
      hands.get(random.nextInt(2)).add(deliveries.subList(from, to));
      from = to;
    }
    List<Callable<Void>> writers = new ArrayList<>();
    for (List<List<Settled>> hand : hands) {
      writers.add(
          () -> {
            hand.forEach(batch -> store.write(Settled.batch(batch)));
            return null;
          });
    }
    return writers;
  }

  private static List<ScanRecord> records(ScanStore store) {
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      return records.toList();
    }
  }

  private static List<String> ids(ScanStore store) {
    try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return letters.map(DeadLetter::id).sorted().toList();
    }
  }

  private static List<String> ids(List<Settled> settled) {
    return settled.stream()
        .flatMap(each -> each.deadLetters().stream())
        .map(DeadLetter::id)
        .sorted()
        .toList();
  }
}
