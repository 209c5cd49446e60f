package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Scans.all;
import static io.github.miniscan.testkit.Scans.assertHolds;
import static io.github.miniscan.testkit.Scans.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.ScanStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The promises of a store that refuses some records, as tests: it says so with {@link
 * RecordRefusedException}, and a refused record hurts no other.
 */
public interface RefusingContract extends StoreCapabilities {

  /**
   * Returns a record that the store refuses, and makes it refuse that record where it does not by
   * itself. The test calls it once, while the store is open.
   */
  ScanRecord refused() throws Exception;

  @Test
  default void refusesARecordEachTimeAndTakesItsNeighbours() throws Exception {
    List<ScanRecord> others = Scans.ofNetwork(1, 2, 5);
    try (ScanStore store = open()) {
      ScanRecord refused = refused();
      List<ScanRecord> batch = List.of(others.get(0), refused, others.get(1));
      assertThatThrownBy(() -> write(store, batch)).isInstanceOf(RecordRefusedException.class);
      assertThat(all(store)).as("any part of the batch").isSubsetOf(others);
      write(store, others.get(0));
      assertThatThrownBy(() -> write(store, refused)).isInstanceOf(RecordRefusedException.class);
      write(store, others.get(1));
      assertThatThrownBy(() -> write(store, batch)).isInstanceOf(RecordRefusedException.class);
      assertThat(all(store)).isEqualTo(others);
    }
  }

  /** The engine finds the refused record by writing parts of its batch. */
  @Test
  default void aRefusedRecordBecomesADeadLetterAndItsNeighboursAreStored() {
    Seeded.run(
        random -> {
          List<ScanRecord> others = Scans.ofNetwork(1, 60, 5);
          List<ScanRecord> records = new ArrayList<>(others);
          int place = random.nextInt(61);
          try (ScanStore store = open()) {
            records.add(place, refused());
            InMemoryQueue queue = new InMemoryQueue();
            for (int i = 0; i < records.size(); i++) {
              queue.publish("" + i);
            }
            IngestCounts counts;
            try (MessageSource source = queue.open()) {
              counts =
                  IngestEngine.builder(
                          source,
                          message ->
                              records.get(Integer.parseInt(new String(message.payload(), UTF_8))),
                          store)
                      .options(
                          IngestOptions.defaults()
                              .withMaxDeliveries(records.size())
                              .withStoreDownLimit(Duration.ofMinutes(1)))
                      .withoutLogging()
                      .build()
                      .run();
            }
            assertThat(counts).isEqualTo(IngestCounts.of(60, 0, 1));
            assertThat(queue.acked()).hasSize(61);
            assertHolds(store, others);
            List<DeadLetter> letters = Letters.all(store);
            assertThat(letters)
                .extracting(DeadLetter::reason)
                .containsExactly(Reason.STORE_REJECTED);
            assertThat(letters.get(0).message().payload()).asString().isEqualTo("" + place);
          }
        });
  }
}
