package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterQueriesTest {

  @TempDir private Path directory;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = directory.resolve("scans.db");
  }

  @Test
  void answersAndRemovesByRandomQueriesAsTheCoreDoes() {
    long seed = Long.getLong("scan.seed", System.nanoTime());
    Random random = new Random(seed);
    List<DeadLetter> letters =
        IntStream.range(0, 3_000).mapToObj(i -> randomLetter(random, i)).toList();
    try (ScanStore store = SqliteScanStore.open(path);
        ScanStore oracle = new InMemoryScanStore()) {
      store.write(Batch.of(List.of(), letters));
      oracle.write(Batch.of(List.of(), letters));
      for (int i = 0; i < 200; i++) {
        DeadLetterQuery query = randomQuery(random, letters);

        assertThat(ids(store, query).equals(ids(oracle, query)))
            .as("seed %d, query %d", seed, i)
            .isTrue();
        if (i % 20 == 0) {
          assertThat(store.removeDeadLetters(query))
              .as("seed %d, removal %d", seed, i)
              .isEqualTo(oracle.removeDeadLetters(query));
        }
      }
      assertThat(ids(store, DeadLetterQuery.all())).isEqualTo(ids(oracle, DeadLetterQuery.all()));
    }
  }

  private static DeadLetter randomLetter(Random random, int number) {
    Message message = new Message("" + number, new byte[random.nextInt(200)], Map.of(), null);
    Instant arrival = Instant.ofEpochSecond(random.nextInt(40), random.nextInt(3));
    return DeadLetter.of(message, new Reason("R" + random.nextInt(30)), "no", arrival);
  }

  private static DeadLetterQuery randomQuery(Random random, List<DeadLetter> letters) {
    DeadLetterQuery query = DeadLetterQuery.all();
    if (random.nextInt(3) == 0) {
      query =
          query.withIds(
              Stream.generate(() -> letters.get(random.nextInt(letters.size())).id())
                  .limit(random.nextInt(300))
                  .toList());
    }
    if (random.nextInt(3) == 0) {
      String id = letters.get(random.nextInt(letters.size())).id();
      query = query.withIdPrefix(id.substring(0, random.nextInt(4)));
    }
    if (random.nextInt(2) == 0) {
      query =
          query.withReasons(
              Stream.generate(() -> new Reason("R" + random.nextInt(33)))
                  .limit(random.nextInt(random.nextInt(4) == 0 ? 40 : 3))
                  .toList());
    }
    if (random.nextInt(3) == 0) {
      query = query.withReceivedSince(Instant.ofEpochSecond(random.nextInt(40), random.nextInt(3)));
    }
    if (random.nextInt(3) == 0) {
      query =
          query.withReceivedBefore(Instant.ofEpochSecond(random.nextInt(40), random.nextInt(3)));
    }
    return random.nextInt(3) == 0 ? query.withLimit(random.nextInt(100)) : query;
  }

  @Test
  void readsAReasonThatThisProgramDoesNotKnow() throws Exception {
    DeadLetter letter = letter(1);
    try (ScanStore store = SqliteScanStore.open(path)) {
      store.write(Batch.of(List.of(), List.of(letter)));
    }
    new Sql(path).execute("UPDATE dead_letter SET reason = 'INVALID_EMAIL'");

    try (ScanStore store = SqliteScanStore.openReadOnly(path)) {
      assertThat(store.findDeadLetter(letter.id()))
          .hasValueSatisfying(
              found -> assertThat(found.reason()).isEqualTo(new Reason("INVALID_EMAIL")));
    }
  }

  @Test
  void removesInTransactionsOfABoundedSize() throws Exception {
    List<DeadLetter> letters = IntStream.range(0, 2_500).mapToObj(i -> letter(i)).toList();
    try (ScanStore store = SqliteScanStore.open(path)) {
      store.write(Batch.of(List.of(), letters));
      new Sql(path)
          .execute(
              "CREATE TRIGGER kept BEFORE DELETE ON dead_letter WHEN OLD.id = '"
                  + letters.get(2_200).id()
                  + "' BEGIN SELECT RAISE(ABORT, 'kept'); END");

      assertThatThrownBy(() -> store.removeDeadLetters(DeadLetterQuery.all()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("kept");

      assertThat(ids(store, DeadLetterQuery.all())).hasSize(500);
      new Sql(path).execute("DROP TRIGGER kept");
      assertThat(store.removeDeadLetters(DeadLetterQuery.all())).isEqualTo(500);
      assertThat(ids(store, DeadLetterQuery.all())).isEmpty();
    }
  }

  @Test
  void removesFewerLettersAtOnceWhereTheyAreLarge() throws Exception {
    List<DeadLetter> letters =
        IntStream.range(0, 10)
            .mapToObj(
                i -> {
                  Message message = new Message("" + i, new byte[5 << 20], Map.of(), null);
                  return DeadLetter.of(message, Reason.INVALID_IP, "", Instant.ofEpochSecond(i));
                })
            .toList();
    try (ScanStore store = SqliteScanStore.open(path)) {
      store.write(Batch.of(List.of(), letters));
      new Sql(path)
          .execute(
              "CREATE TRIGGER kept BEFORE DELETE ON dead_letter WHEN OLD.received_at = 9"
                  + " BEGIN SELECT RAISE(ABORT, 'kept'); END");

      assertThatThrownBy(() -> store.removeDeadLetters(DeadLetterQuery.all()))
          .isInstanceOf(StoreException.class);

      assertThat(ids(store, DeadLetterQuery.all())).hasSize(2);
    }
  }

  @Test
  void searchesOnlyTheRangeOfArrivals() throws Exception {
    SqliteScanStore.open(path).close();
    try (Connection connection = new Sql(path).connect();
        PreparedStatement plan =
            connection.prepareStatement(
                "EXPLAIN QUERY PLAN " + DeadLetterTable.page(new Condition()));
        ResultSet row = plan.executeQuery()) {
      row.next();
      assertThat(row.getString("detail"))
          .startsWith("SEARCH dead_letter USING INDEX dead_letter_by_arrival (")
          .contains(">", "<");
      assertThat(row.next()).as("a separate sort").isFalse();
    }
  }

  private static DeadLetter letter(int number) {
    Message message = new Message("" + number, new byte[] {1}, Map.of(), null);
    return DeadLetter.of(message, Reason.INVALID_IP, "no ip", Instant.ofEpochSecond(number));
  }

  private static List<String> ids(ScanStore store, DeadLetterQuery query) {
    try (Stream<DeadLetter> letters = store.findDeadLetters(query)) {
      return letters.map(DeadLetter::id).toList();
    }
  }
}
