package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.VisibleText;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says from what was published what a store must hold, however often and in whatever order it was
 * delivered.
 *
 * <p>It goes by what each {@link TrafficMessage} was meant to become, and has the rules of the
 * record in words of its own: neither a decoder nor {@link ScanRecord#merge} has a part in it. Each
 * message that was published must be told once; told twice it counts as two messages. Holds a
 * record for each key. Not safe for use by several threads.
 */
public final class Oracle {

  private static final int EXAMPLES = 20;

  private final Map<ScanKey, Sightings> records = new HashMap<>();
  private final Map<ByteBuffer, Rejected> rejected = new HashMap<>();
  private long published;
  private long deadLetters;

  /** An oracle that was told of nothing yet. */
  public Oracle() {}

  /** An oracle of the first so many messages of some traffic. */
  public static Oracle of(TrafficOptions options, long messages) {
    Oracle oracle = new Oracle();
    oracle.published(options, messages);
    return oracle;
  }

  /** Takes note of the first so many messages of some traffic, which were published. */
  public void published(TrafficOptions options, long messages) {
    Iterator<TrafficMessage> traffic = new TrafficGenerator(options);
    for (long i = 0; i < messages; i++) {
      published(traffic.next());
    }
  }

  /** Takes note of one message that was published. */
  public void published(TrafficMessage message) {
    published++;
    message.record().ifPresent(this::seen);
    message.reason().ifPresent(reason -> rejected(message.payload(), reason));
  }

  private void seen(ScanRecord scan) {
    records.computeIfAbsent(scan.key(), key -> new Sightings()).add(scan);
  }

  private void rejected(byte[] payload, Reason reason) {
    deadLetters++;
    rejected.computeIfAbsent(ByteBuffer.wrap(payload), same -> new Rejected(payload, reason))
        .times++;
  }

  /** How many messages were published. */
  public long published() {
    return published;
  }

  /** How many records there must be: one for each key. */
  public long records() {
    return records.size();
  }

  /** How many dead letters there must be: one for each message that must be rejected. */
  public long deadLetters() {
    return deadLetters;
  }

  /**
   * Compares what a store holds with what it must hold: records and dead letters.
   *
   * @throws io.github.miniscan.store.StoreException when the store can not be read
   */
  public OracleReport check(ScanReader reader, DeadLetters letters) {
    Comparison comparison = new Comparison();
    comparison.records(reader);
    comparison.deadLetters(letters);
    return new OracleReport(
        records.size(), deadLetters, comparison.differences, comparison.examples);
  }

  /**
   * Compares only the records: for a table that keeps no dead letters.
   *
   * @throws io.github.miniscan.store.StoreException when the store can not be read
   */
  public OracleReport checkRecords(ScanReader reader) {
    Comparison comparison = new Comparison();
    comparison.records(reader);
    return new OracleReport(records.size(), 0, comparison.differences, comparison.examples);
  }

  /** When a key was seen, and with what response. */
  private static final class Sightings {
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private byte[] response = {};

    void add(ScanRecord scan) {
      first = Math.min(first, scan.firstScanned());
      byte[] theirs = scan.response().bytesUncopied();
      if (scan.lastScanned() > last
          || (scan.lastScanned() == last && isGreater(theirs, response))) {
        last = scan.lastScanned();
        response = theirs;
      }
    }

    private static boolean isGreater(byte[] left, byte[] right) {
      for (int i = 0; i < left.length && i < right.length; i++) {
        int l = Byte.toUnsignedInt(left[i]);
        int r = Byte.toUnsignedInt(right[i]);
        if (l != r) {
          return l > r;
        }
      }
      return left.length > right.length;
    }

    ScanRecord record(ScanKey key) {
      return new ScanRecord(key, first, last, Response.wrap(response));
    }
  }

  /** A payload that must be rejected, as often as it was published. */
  private static final class Rejected {
    private final byte[] payload;
    private final Reason reason;
    private long times;

    Rejected(byte[] payload, Reason reason) {
      this.payload = payload;
      this.reason = reason;
    }
  }

  private final class Comparison {
    private final List<String> examples = new ArrayList<>();
    private long differences;

    void records(ScanReader reader) {
      Set<ScanKey> found = new HashSet<>();
      try (Stream<ScanRecord> stored = reader.find(ScanQuery.all())) {
        @Nullable ScanKey before = null;
        for (Iterator<ScanRecord> each = stored.iterator(); each.hasNext(); ) {
          ScanRecord record = each.next();
          if (before != null && before.compareTo(record.key()) >= 0) {
            differ("record out of order: %s after %s".formatted(record.key(), before));
          }
          before = record.key();
          found.add(record.key());
          compare(record);
        }
      }
      for (Map.Entry<ScanKey, Sightings> expected : records.entrySet()) {
        if (!found.contains(expected.getKey())) {
          differ("record missing: %s".formatted(expected.getValue().record(expected.getKey())));
        }
      }
    }

    private void compare(ScanRecord record) {
      Sightings sightings = records.get(record.key());
      if (sightings == null) {
        differ("record of a key that was never published: %s".formatted(record));
      } else if (!sightings.record(record.key()).equals(record)) {
        differ("record is %s, must be %s".formatted(record, sightings.record(record.key())));
      }
    }

    void deadLetters(DeadLetters letters) {
      Map<ByteBuffer, Long> found = new HashMap<>();
      try (Stream<DeadLetter> stored = letters.findDeadLetters(DeadLetterQuery.all())) {
        for (Iterator<DeadLetter> each = stored.iterator(); each.hasNext(); ) {
          DeadLetter letter = each.next();
          byte[] payload = letter.message().payload();
          found.merge(ByteBuffer.wrap(payload), 1L, Long::sum);
          Rejected expected = rejected.get(ByteBuffer.wrap(payload));
          if (expected == null) {
            differ(
                "dead letter %s (%s) of a payload that was never published, or is a record: %s"
                    .formatted(letter.id(), letter.reason(), shown(payload)));
          } else if (!letter.reason().equals(expected.reason)) {
            differ(
                "dead letter %s is %s (%s), must be %s: %s"
                    .formatted(
                        letter.id(),
                        letter.reason(),
                        letter.detail(),
                        expected.reason,
                        shown(payload)));
          }
        }
      }
      rejected.forEach(
          (payload, expected) -> {
            long times = found.getOrDefault(payload, 0L);
            if (times != expected.times) {
              differ(
                  "%d dead letters (%s) must be %d: %s"
                      .formatted(times, expected.reason, expected.times, shown(expected.payload)));
            }
          });
    }

    private void differ(String difference) {
      differences++;
      if (examples.size() < EXAMPLES) {
        examples.add(difference);
      }
    }

    private static String shown(byte[] payload) {
      return payload.length + " bytes " + VisibleText.shortened(new String(payload, UTF_8));
    }
  }
}
