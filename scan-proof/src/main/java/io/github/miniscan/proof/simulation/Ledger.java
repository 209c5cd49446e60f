package io.github.miniscan.proof.simulation;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows what is durable after each commit, and what must be. Records are compared in words of its
 * own, not with {@link ScanRecord#merge}.
 */
final class Ledger {

  private final List<Published> published;
  private final InMemoryScanStore durable;
  private Map<ScanKey, ScanRecord> records = Map.of();
  private List<DeadLetter> letters = List.of();

  Ledger(List<Published> published, InMemoryScanStore durable) {
    this.published = published;
    this.durable = durable;
  }

  /** Looks at what is durable after a commit: nothing may have become less. */
  void committed() {
    Map<ScanKey, ScanRecord> before = records;
    Map<ScanKey, ScanRecord> now = new HashMap<>();
    try (Stream<ScanRecord> stored = durable.find(ScanQuery.all())) {
      stored.forEach(record -> now.put(record.key(), record));
    }
    records = now;
    for (ScanRecord record : before.values()) {
      if (!isCovered(record)) {
        throw new Violation("regressed: %s became %s".formatted(record, now.get(record.key())));
      }
    }
    List<DeadLetter> lettersBefore = letters;
    try (Stream<DeadLetter> stored = durable.findDeadLetters(DeadLetterQuery.all())) {
      letters = stored.toList();
    }
    if (letters.size() < lettersBefore.size()) {
      throw new Violation(
          "lost: %d dead letters became %d".formatted(lettersBefore.size(), letters.size()));
    }
  }

  private boolean isCovered(ScanRecord record) {
    ScanRecord stored = records.get(record.key());
    return stored != null
        && stored.firstScanned() <= record.firstScanned()
        && (stored.lastScanned() > record.lastScanned()
            || (stored.lastScanned() == record.lastScanned()
                && Arrays.compareUnsigned(
                        stored.response().bytesUncopied(), record.response().bytesUncopied())
                    >= 0));
  }

  /** Whether everything that this message must cause is durable. */
  boolean isDurable(Published message) {
    @Nullable ScanRecord record = message.meant().record().orElse(null);
    return record != null
        ? isCovered(record)
        : letterOf(message, message.meant().reason().orElseThrow()) != null;
  }

  private @Nullable DeadLetter letterOf(Published message, Reason reason) {
    for (DeadLetter letter : letters) {
      if (letter.reason().equals(reason) && message.isKeptIn(letter)) {
        return letter;
      }
    }
    return null;
  }

  /** When everything is settled, the store holds what was published, and nothing else. */
  void settled() {
    Oracle oracle = new Oracle();
    for (Published message : published) {
      oracle.published(message.meant());
      if (!isDurable(message)) {
        throw new Violation("lost: %s (%s)".formatted(message, message.message()));
      }
    }
    OracleReport report = oracle.check(durable, durable);
    if (!report.agrees()) {
      throw new Violation("the store differs from the oracle: " + report);
    }
  }
}
