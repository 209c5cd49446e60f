package io.github.miniscan.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import io.github.miniscan.store.ScanStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Dead letters, and the steps that write and read them. */
final class Letters {

  /** The order of every answer. */
  static final Comparator<DeadLetter> BY_ARRIVAL =
      Comparator.comparing(DeadLetter::receivedAt).thenComparing(DeadLetter::id);

  private Letters() {}

  static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  static DeadLetter letter(String messageId, long receivedAt) {
    return letter(messageId, new byte[] {1, 2, 3}, Map.of("k", "v"), at(7), receivedAt);
  }

  static DeadLetter letter(
      String messageId,
      byte[] payload,
      Map<String, String> attributes,
      @Nullable Instant published,
      long receivedAt) {
    Message message = new Message(messageId, payload, attributes, published);
    return DeadLetter.of(message, Reason.MALFORMED_JSON, "not JSON", at(receivedAt));
  }

  /** Returns this many dead letters, received one after the other. */
  static List<DeadLetter> letters(int count) {
    return IntStream.range(0, count).mapToObj(i -> letter("" + i, i)).toList();
  }

  /** Returns dead letters with random payloads of one size, received one after the other. */
  static List<DeadLetter> large(int count, int size) {
    Random random = new Random(size);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              byte[] payload = new byte[size];
              random.nextBytes(payload);
              return letter("" + i, payload, Map.of(), null, i);
            })
        .toList();
  }

  static void write(ScanStore store, DeadLetter... letters) {
    write(store, Arrays.asList(letters));
  }

  static void write(ScanStore store, List<DeadLetter> letters) {
    store.write(Batch.<ScanRecord>of(List.of(), letters));
  }

  static List<DeadLetter> all(DeadLetters store) {
    return find(store, DeadLetterQuery.all());
  }

  static List<DeadLetter> find(DeadLetters store, DeadLetterQuery query) {
    try (Stream<DeadLetter> letters = store.findDeadLetters(query)) {
      return letters.toList();
    }
  }

  /** Returns what a query finds in a list: the reference for every store. */
  static List<DeadLetter> answer(DeadLetterQuery query, List<DeadLetter> letters) {
    return letters.stream().filter(query::matches).sorted(BY_ARRIVAL).limit(query.limit()).toList();
  }

  static List<String> ids(List<DeadLetter> letters) {
    return letters.stream().map(DeadLetter::id).toList();
  }

  /** Asserts that the letters are the same in every part; a message has no equality of its own. */
  static void assertSame(List<DeadLetter> actual, List<DeadLetter> expected) {
    assertThat(ids(actual)).isEqualTo(ids(expected));
    for (int i = 0; i < expected.size(); i++) {
      DeadLetter was = actual.get(i);
      DeadLetter should = expected.get(i);
      assertThat(was.reason()).isEqualTo(should.reason());
      assertThat(was.detail()).isEqualTo(should.detail());
      assertThat(was.receivedAt()).isEqualTo(should.receivedAt());
      assertThat(was.message().id()).isEqualTo(should.message().id());
      assertThat(Arrays.equals(was.message().payload(), should.message().payload()))
          .as("the payload of message %s is as it was written", should.message().id())
          .isTrue();
      assertThat(was.message().attributes()).isEqualTo(should.message().attributes());
      assertThat(was.message().publishTime()).isEqualTo(should.message().publishTime());
    }
  }
}
