package io.github.miniscan.testkit;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.store.DeadLetterQuery;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random dead letters, many of them received at the same time, and random queries about them. */
final class RandomLetters {

  static final List<Reason> REASONS =
      List.of(
          Reason.INVALID_IP,
          Reason.INVALID_PORT,
          Reason.INTERNAL_ERROR,
          new Reason("INVALID_EMAIL"),
          new Reason("INVALID"));

  private final Random random;

  RandomLetters(Random random) {
    this.random = random;
  }

  List<DeadLetter> letters(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Message message = new Message("" + i, new byte[] {(byte) i}, Map.of(), null);
              return DeadLetter.of(message, oneOf(REASONS), "detail " + i, time());
            })
        .toList();
  }

  /** Returns a time near the second in which every letter was received, to the nanosecond. */
  private Instant time() {
    return Instant.ofEpochSecond(1_700_000_000L + random.nextInt(3), random.nextInt(3));
  }

  /** Returns a query that often finds some of these letters. */
  DeadLetterQuery query(List<DeadLetter> letters) {
    DeadLetterQuery query = DeadLetterQuery.all();
    if (random.nextInt(4) == 0) {
      query =
          query.withIds(
              Stream.generate(() -> id(letters)).limit(random.nextInt(60)).distinct().toList());
    }
    if (random.nextInt(3) == 0) {
      query = query.withIdPrefix(prefix(letters));
    }
    if (random.nextInt(3) == 0) {
      query =
          query.withReasons(
              Stream.generate(this::reason).limit(random.nextInt(4)).distinct().toList());
    }
    if (random.nextInt(4) == 0) {
      query = query.withReceivedSince(time());
    }
    if (random.nextInt(4) == 0) {
      query = query.withReceivedBefore(time());
    }
    return random.nextInt(3) == 0 ? query.withLimit(random.nextInt(30)) : query;
  }

  private String id(List<DeadLetter> letters) {
    return random.nextInt(10) == 0 ? "0".repeat(32) : oneOf(letters).id();
  }

  /** Returns the beginning of an id, or something that is none: a prefix is text, not a pattern. */
  private String prefix(List<DeadLetter> letters) {
    String id = oneOf(letters).id();
    int length = random.nextBoolean() ? random.nextInt(4) : random.nextInt(33);
    return switch (random.nextInt(10)) {
      case 0 -> id + "0";
      case 1 -> id.substring(0, length).toUpperCase(Locale.ROOT);
      case 2 -> id.substring(0, length) + "%";
      case 3 -> "_" + id.substring(1, Math.max(1, length));
      default -> id.substring(0, length);
    };
  }

  private Reason reason() {
    return random.nextInt(10) == 0 ? new Reason("OF_NO_LETTER") : oneOf(REASONS);
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** Returns the query in words, for a failure. */
  static String describe(DeadLetterQuery query) {
    return "ids "
        + query.ids().map(Object::toString).orElse("any")
        + ", prefix \""
        + query.idPrefix()
        + "\", reasons "
        + query.reasons().map(Object::toString).orElse("any")
        + ", received since "
        + query.receivedSince()
        + " and before "
        + query.receivedBefore()
        + ", limit "
        + query.limit();
  }
}
