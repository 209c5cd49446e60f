package io.github.miniscan.proof.replay;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.DeadLetterReplay;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.OracleReport;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Replays dead letters, ends the replay before or after any call of the store, and begins another.
 * Whatever happens, each message is a dead letter or in its record; in the end the store agrees
 * with the oracle. Message ids repeat, as they do when a topic was made anew, and the local clock
 * is wrong by decades: neither matters.
 */
public final class ReplayProof implements Proof {

  private static final int MOST_LETTERS = 40;
  private static final int MOST_ENDS = 6;
  private static final int MESSAGE_IDS = 7;
  private static final int KEYS = 16;

  /** After everything that a full run publishes has been scanned. */
  private static final Duration LAST_PUBLISHED = Duration.ofHours(6);

  private static final List<Instant> LOCAL_TIMES =
      List.of(Instant.EPOCH, Instant.parse("2026-01-02T00:00:00Z"), Instant.MAX);

  /** A proof that runs in this thread, without files. */
  public ReplayProof() {}

  @Override
  public String name() {
    return "replay";
  }

  @Override
  public String description() {
    return "A replay of dead letters that ends anywhere loses nothing, and the next one goes on.";
  }

  @Override
  public String unit() {
    return "schedules";
  }

  @Override
  public long quickSize() {
    return 1_000;
  }

  @Override
  public long fullSize() {
    return 200_000;
  }

  @Override
  public Finding run(Effort effort) {
    Random random = new Random(effort.seed());
    TrafficOptions options =
        TrafficOptions.nasty(effort.seed()).withKeys(KEYS).withDuplicates(0).withTies(0.3);
    TrafficGenerator traffic = new TrafficGenerator(options);
    Instant published = options.baseTime().plus(LAST_PUBLISHED);
    Effort.Deadline deadline = effort.start();
    Totals totals = new Totals();
    while (totals.schedules < effort.size() && !deadline.isOver()) {
      totals.schedules++;
      new Schedule(totals, random, traffic, published).run();
    }
    return Finding.builder()
        .figure("schedules", totals.schedules)
        .figure("dead letters", totals.letters)
        .figure("replays cut short", totals.ends)
        .figure("records refused", totals.refusals)
        .figure("lost", 0)
        .build();
  }

  private static final class Totals {
    private long schedules;
    private long letters;
    private long ends;
    private long refusals;
  }

  /** A message that was kept as a dead letter, and what it must become. */
  private record Kept(DeadLetter letter, TrafficMessage meaning) {}

  private static final class Schedule {
    private final Totals totals;
    private final Random random;
    private final TrafficGenerator traffic;
    private final Instant published;
    private final Oracle oracle = new Oracle();
    private final InMemoryScanStore store = new InMemoryScanStore();
    private final List<Kept> kept = new ArrayList<>();
    private final JsonScanDecoder decoder;

    Schedule(Totals totals, Random random, TrafficGenerator traffic, Instant published) {
      this.totals = totals;
      this.random = random;
      this.traffic = traffic;
      this.published = published;
      Instant localTime = LOCAL_TIMES.get(random.nextInt(LOCAL_TIMES.size()));
      decoder = new JsonScanDecoder(Duration.ofDays(1), () -> localTime);
    }

    void run() {
      keepAll();
      int ends = random.nextInt(MOST_ENDS + 1);
      for (int i = 0; i < ends; i++) {
        replayUntilItEnds();
      }
      DeadLetterReplay.Result last;
      try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
        last = new DeadLetterReplay<>(decoder, store, store).run(letters);
      }
      OracleReport report = oracle.check(store, store);
      if (!report.agrees() || last.kept() != oracle.deadLetters()) {
        throw broken("%s after a replay that says %s".formatted(report, last));
      }
    }

    private void keepAll() {
      Set<List<Object>> known = new HashSet<>();
      int number = 1 + random.nextInt(MOST_LETTERS);
      while (kept.size() < number) {
        TrafficMessage meaning = traffic.next();
        String id = Integer.toString(random.nextInt(MESSAGE_IDS));
        if (known.add(List.of(id, ByteBuffer.wrap(meaning.payload())))) {
          Message message = new Message(id, meaning.payload(), Map.of(), published);
          DeadLetter letter =
              DeadLetter.of(message, Reason.INTERNAL_ERROR, "a bug of before", published);
          kept.add(new Kept(letter, meaning));
          oracle.published(meaning);
        }
      }
      totals.letters += number;
      store.write(Batch.of(List.of(), kept.stream().map(Kept::letter).toList()));
    }

    private void replayUntilItEnds() {
      FailingStore failing = new FailingStore(store, random, this::checkNothingIsLost);
      try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
        new DeadLetterReplay<>(decoder, failing, failing).run(letters);
      } catch (StoreException e) {
        totals.ends++;
      }
      totals.refusals += failing.refusals();
    }

    private void checkNothingIsLost() {
      for (Kept each : kept) {
        if (store.findDeadLetter(each.letter().id()).isEmpty() && !isInItsRecord(each.meaning())) {
          throw broken("neither a dead letter nor in its record: " + each.letter());
        }
      }
    }

    private boolean isInItsRecord(TrafficMessage meaning) {
      return meaning.record().map(this::isIn).orElse(false);
    }

    private boolean isIn(ScanRecord scan) {
      try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
        return records.anyMatch(
            record ->
                record.key().equals(scan.key())
                    && record.firstScanned() <= scan.firstScanned()
                    && record.lastScanned() >= scan.lastScanned());
      }
    }

    private BrokenPromiseException broken(String what) {
      return new BrokenPromiseException("in schedule " + totals.schedules + ": " + what);
    }
  }
}
