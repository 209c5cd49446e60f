package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Letters.answer;
import static io.github.miniscan.testkit.Letters.assertSame;
import static io.github.miniscan.testkit.Letters.at;
import static io.github.miniscan.testkit.Letters.find;
import static io.github.miniscan.testkit.Letters.ids;
import static io.github.miniscan.testkit.Letters.letter;
import static io.github.miniscan.testkit.Letters.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.ScanStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link io.github.miniscan.store.DeadLetters}, as tests: a dead letter is kept
 * whole, found by every part of a query, and removed for good.
 */
public interface DeadLettersContract extends StoreCapabilities {

  @Test
  default void keepsADeadLetterWhole() {
    byte[] everyByte = new byte[256];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    byte[] large = new byte[largestResponse()];
    new Random(2).nextBytes(large);
    Map<String, String> attributes =
        Map.of("", "", "googclient_x", "\"\\\u0001\u2028", "ключ", "😀 значение", "nul", "a\0b");
    Instant nano = Instant.ofEpochSecond(1_700_000_000, 1);
    List<DeadLetter> letters =
        List.of(
            letter("1", everyByte, attributes, Instant.parse("2023-11-14T22:13:20.123456789Z"), 1),
            letter("", new byte[0], Map.of(), null, 2),
            letter("a\0b 😀", large, Map.of("k", "v"), Instant.EPOCH, 3),
            letter("4", everyByte, Map.of(), Instant.parse("9999-12-31T23:59:59.999999999Z"), 4),
            letter("5", everyByte, Map.of(), Instant.parse("0001-01-01T00:00:00Z"), 5),
            DeadLetter.of(
                new Message("6", everyByte, Map.of(), nano), Reason.INTERNAL_ERROR, "", nano));
    try (ScanStore store = open()) {
      write(store, letters);
      assertSame(Letters.all(store), letters);
      for (DeadLetter letter : letters) {
        assertSame(store.findDeadLetter(letter.id()).stream().toList(), List.of(letter));
      }
      assertThat(store.findDeadLetter("0".repeat(32))).isEmpty();
    }
  }

  /** The set of reasons is open: another record type has its own. */
  @Test
  default void keepsEveryReasonItsOwnOrNot() {
    List<Reason> reasons = new ArrayList<>(Reason.OF_SCANS);
    reasons.add(new Reason("INVALID_EMAIL"));
    reasons.add(new Reason("X"));
    reasons.add(new Reason("Z9_".repeat(21) + "Z"));
    List<DeadLetter> letters = new ArrayList<>();
    for (Reason reason : reasons) {
      Message message = new Message(reason.code(), new byte[] {1}, Map.of(), null);
      letters.add(DeadLetter.of(message, reason, "détail\n\0", at(letters.size())));
    }
    try (ScanStore store = open()) {
      write(store, letters);
      assertSame(Letters.all(store), letters);
      for (int i = 0; i < reasons.size(); i++) {
        DeadLetterQuery query = DeadLetterQuery.all().withReasons(List.of(reasons.get(i)));
        assertSame(find(store, query), letters.subList(i, i + 1));
      }
    }
  }

  @Test
  default void keepsOneOfCopiesTheSameForEveryReader() {
    Message message = new Message("1", new byte[] {1}, Map.of("a", "b"), at(1));
    DeadLetter one = DeadLetter.of(message, Reason.INVALID_IP, "one", at(5));
    DeadLetter two = DeadLetter.of(message, Reason.INVALID_PORT, "two", at(4));
    try (ScanStore store = open();
        ScanStore other = openBeside(store)) {
      write(store, one, two);
      write(store, two);
      List<DeadLetter> kept = Letters.all(store);
      assertSame(kept, List.of(kept.get(0).detail().equals("one") ? one : two));
      write(other, one);
      write(other, two, one);
      assertSame(Letters.all(store), kept);
      assertSame(Letters.all(other), kept);
    }
  }

  @Test
  default void keepsOneOfCopiesThatTwoWritersBringAtOnce() throws Exception {
    List<List<DeadLetter>> copies = new ArrayList<>();
    for (String writer : List.of("one", "two")) {
      copies.add(
          IntStream.range(0, 300)
              .mapToObj(
                  i -> {
                    Message message = new Message("" + i, new byte[] {1}, Map.of(), at(1));
                    return DeadLetter.of(message, Reason.INVALID_IP, writer, at(i));
                  })
              .toList());
    }
    try (ScanStore store = open();
        ScanStore other = openBeside(store)) {
      Threads.inParallel(
          () -> copies.get(0).forEach(letter -> write(store, letter)),
          () -> copies.get(1).forEach(letter -> write(other, letter)));
      List<DeadLetter> kept = Letters.all(store);
      assertThat(ids(kept)).isEqualTo(ids(copies.get(0)));
      assertSame(Letters.all(other), kept);
    }
  }

  @Test
  default void twoMessagesWithEqualBytesAreTwoDeadLetters() {
    DeadLetter one = letter("1", new byte[] {1}, Map.of(), at(1), 1);
    DeadLetter two = letter("2", new byte[] {1}, Map.of(), at(1), 2);
    DeadLetter three = letter("2", new byte[] {1}, Map.of(), at(2), 3);
    try (ScanStore store = open()) {
      write(store, one, two, three);
      assertSame(Letters.all(store), List.of(one, two, three));
    }
  }

  // Finding

  @Test
  default void listsDeadLettersByArrivalAndThenById() {
    List<DeadLetter> letters = new RandomLetters(new Random(6)).letters(3_000);
    try (ScanStore store = open()) {
      write(store, letters.subList(0, 1_000));
      write(store, letters.subList(1_000, 3_000));
      assertThat(ids(Letters.all(store)))
          .isEqualTo(ids(letters.stream().sorted(Letters.BY_ARRIVAL).toList()));
    }
  }

  @Test
  default void findsDeadLettersByEveryPartOfAQuery() {
    Seeded.run(
        random -> {
          RandomLetters make = new RandomLetters(random);
          List<DeadLetter> letters = make.letters(800);
          int answered = 0;
          try (ScanStore store = open()) {
            write(store, letters);
            for (int i = 0; i < 300; i++) {
              DeadLetterQuery query = make.query(letters);
              List<DeadLetter> expected = answer(query, letters);
              assertThat(ids(find(store, query)))
                  .as(() -> RandomLetters.describe(query))
                  .isEqualTo(ids(expected));
              answered += expected.isEmpty() ? 0 : 1;
            }
          }
          assertThat(answered).as("queries that find something").isGreaterThan(50);
        });
  }

  /** The beginning is text, and no pattern. */
  @Test
  default void findsDeadLettersByTheBeginningOfTheirIds() {
    List<DeadLetter> letters = Letters.letters(300);
    String id =
        letters.stream()
            .map(DeadLetter::id)
            .filter(each -> each.startsWith("a"))
            .findFirst()
            .orElseThrow();
    List<String> beginnings = new ArrayList<>(List.of("%", "_", "a%", "_" + id.substring(1), "A"));
    beginnings.add(id.toUpperCase(Locale.ROOT));
    beginnings.add(id + "0");
    for (int length = 0; length <= id.length(); length++) {
      beginnings.add(id.substring(0, length));
    }
    try (ScanStore store = open()) {
      write(store, letters);
      for (String beginning : beginnings) {
        DeadLetterQuery query = DeadLetterQuery.all().withIdPrefix(beginning);
        assertThat(ids(find(store, query)))
            .as("those that begin with \"%s\"", beginning)
            .isEqualTo(ids(answer(query, letters)));
      }
    }
  }

  @Test
  default void findsDeadLettersByThousandsOfIds() {
    List<DeadLetter> letters = Letters.letters(500);
    List<String> ids = new ArrayList<>(ids(letters.subList(100, 500)));
    for (int i = 0; i < 40_000; i++) {
      ids.add(DeadLetter.idOf(new Message("none " + i, new byte[0], Map.of(), null)));
    }
    DeadLetterQuery query = DeadLetterQuery.all().withIds(ids);
    try (ScanStore store = open()) {
      write(store, letters);
      assertThat(ids(find(store, query))).isEqualTo(ids(letters.subList(100, 500)));
      assertThat(store.removeDeadLetters(query)).isEqualTo(400);
      assertThat(ids(Letters.all(store))).isEqualTo(ids(letters.subList(0, 100)));
    }
  }

  /** See {@link ScanReaderContract#readsARecordWithoutReadingThemAll}. */
  @Test
  default void readsADeadLetterWithoutReadingThemAll() {
    int size = 1 << 20;
    List<DeadLetter> letters = Letters.large(64, size);
    try (ScanStore store = open()) {
      for (int i = 0; i < letters.size(); i += 8) {
        write(store, letters.subList(i, i + 8));
      }
      List<DeadLetter> first = new ArrayList<>();
      long allocated =
          Allocation.of(
              () -> {
                try (Stream<DeadLetter> found = store.findDeadLetters(DeadLetterQuery.all())) {
                  first.add(found.iterator().next());
                }
              });
      assertSame(first, letters.subList(0, 1));
      assertThat(allocated).as("bytes to read one dead letter").isLessThan(32L * size);
    }
  }

  // Changing and removing

  @Test
  default void updatesTheReasonAndNothingElse() {
    DeadLetter letter = letter("1", 1);
    DeadLetter other = letter("2", 2);
    Reason reason = new Reason("INVALID_EMAIL");
    try (ScanStore store = open()) {
      write(store, letter, other);
      store.updateReason(letter.id(), reason, "later");
      store.updateReason("0".repeat(32), Reason.INVALID_IP, "nobody");
      DeadLetter updated =
          new DeadLetter(letter.id(), reason, "later", letter.message(), letter.receivedAt());
      assertSame(Letters.all(store), List.of(updated, other));
      assertThat(find(store, DeadLetterQuery.all().withReasons(List.of(reason)))).hasSize(1);
      assertThat(find(store, DeadLetterQuery.all().withReasons(List.of(letter.reason()))))
          .hasSize(1);
    }
  }

  @Test
  default void removesDeadLettersAndSaysHowMany() {
    List<DeadLetter> letters = Letters.letters(10);
    DeadLetterQuery one = DeadLetterQuery.all().withIds(List.of(letters.get(1).id()));
    try (ScanStore store = open()) {
      write(store, letters);
      assertThat(store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of()))).isZero();
      assertThat(store.removeDeadLetters(DeadLetterQuery.all().withIdPrefix("none"))).isZero();
      assertThat(store.removeDeadLetters(one)).isEqualTo(1);
      assertThat(store.removeDeadLetters(one)).isZero();
      assertThat(store.findDeadLetter(letters.get(1).id())).isEmpty();
      assertThat(store.removeDeadLetters(DeadLetterQuery.all())).isEqualTo(9);
      assertThat(Letters.all(store)).isEmpty();
    }
  }

  @Test
  default void removesDeadLettersByEveryPartOfAQuery() {
    Seeded.run(
        random -> {
          RandomLetters make = new RandomLetters(random);
          List<DeadLetter> letters = make.letters(800);
          List<DeadLetter> left = new ArrayList<>(letters);
          try (ScanStore store = open()) {
            write(store, letters);
            for (int i = 0; i < 60; i++) {
              DeadLetterQuery query = make.query(letters).withLimit(random.nextInt(40));
              List<DeadLetter> expected = answer(query, left);
              assertThat(store.removeDeadLetters(query))
                  .as(() -> RandomLetters.describe(query))
                  .isEqualTo(expected.size());
              left.removeAll(expected);
              assertThat(ids(Letters.all(store)))
                  .as(() -> RandomLetters.describe(query))
                  .isEqualTo(ids(answer(DeadLetterQuery.all(), left)));
            }
          }
        });
  }

  /** More than any page holds, in rows and in bytes. */
  @Test
  default void removesManyDeadLettersWhileOthersWrite() throws Exception {
    List<DeadLetter> small = Letters.letters(12_000);
    List<DeadLetter> large = Letters.large(16, 1 << 20);
    List<DeadLetter> others =
        IntStream.range(0, 50).mapToObj(i -> letter("other " + i, 20_000 + i)).toList();
    DeadLetterQuery query = DeadLetterQuery.all().withReceivedBefore(at(20_000));
    try (ScanStore store = open();
        ScanStore other = openBeside(store)) {
      write(store, small);
      write(store, large);
      Threads.inParallel(
          () -> assertThat(store.removeDeadLetters(query)).isEqualTo(small.size() + large.size()),
          () -> others.forEach(letter -> write(other, letter)));
      assertSame(Letters.all(store), others);
    }
  }

  @Test
  default void removesDeadLettersWhileTheyAreStreamed() {
    List<DeadLetter> letters = Letters.letters(2_000);
    List<String> seen = new ArrayList<>();
    try (ScanStore store = open()) {
      write(store, letters);
      try (Stream<DeadLetter> stream = store.findDeadLetters(DeadLetterQuery.all())) {
        stream.forEachOrdered(
            letter -> {
              seen.add(letter.id());
              if (seen.size() % 500 == 0) {
                store.removeDeadLetters(DeadLetterQuery.all().withIds(seen));
              }
            });
      }
      assertThat(seen).isEqualTo(ids(letters));
      assertThat(Letters.all(store)).isEmpty();
    }
  }

  @Test
  default void removesWhatWasReplayedOnceItsRecordIsThere() {
    DeadLetter replayed = letter("1", 1);
    DeadLetter other = letter("2", 2);
    ScanRecord scan = Scans.scan(Scans.key("1.1.1.1", 80, "HTTP"), 1, "x");
    Batch<ScanRecord> replay =
        Scans.batch(List.of(scan)).withReplayed(List.of(replayed.id(), "0".repeat(32)));
    try (ScanStore store = open()) {
      write(store, replayed, other);
      store.write(replay);
      store.write(replay);
      assertThat(Scans.all(store)).containsExactly(scan);
      assertSame(Letters.all(store), List.of(other));
    }
  }
}
