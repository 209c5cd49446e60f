package io.github.miniscan.proof.disk;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.sqlite.SqliteOptions;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of a store in small: opened (made and migrated), written batch by batch, checkpointed in
 * each way that there is, with dead letters changed, replayed and removed, closed and opened again.
 * The same seed is the same script, in whatever process, and each of its steps is durable when it
 * is done. Run again on what an earlier run has left, it ends in the same state.
 */
final class Script {

  /** So small that a large batch goes to the disk before it is committed. */
  private static final SqliteOptions OPTIONS = SqliteOptions.defaults().withCacheBytes(32 << 10);

  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  private static final int KEYS = 120;
  private static final int SMALL = 12;
  private static final int LARGE = 90;

  private final Random random;
  private final TrafficGenerator traffic;
  private final List<Step> steps = new ArrayList<>();
  private final List<DeadLetter> letters = new ArrayList<>();
  private int made;

  private Script(long seed) {
    random = new Random(seed);
    traffic = new TrafficGenerator(TrafficOptions.nasty(seed).withKeys(KEYS).withMalformed(0.2));
  }

  static Script of(long seed) {
    Script script = new Script(seed);
    script.add(Life::open);
    script.batches(SMALL, SMALL, 1);
    script.add(life -> life.checkpoint("PASSIVE"));
    script.batches(SMALL);
    script.changeReason();
    script.add(life -> life.checkpoint("RESTART"));
    script.batches(SMALL, SMALL);
    script.replay();
    script.remove();
    script.add(Life::close);
    script.add(Life::open);
    script.batches(LARGE, SMALL);
    script.add(life -> life.checkpoint("TRUNCATE"));
    script.batches(SMALL);
    script.remove();
    script.add(Life::close);
    return script;
  }

  /** One durable call. */
  @FunctionalInterface
  interface Step {
    void run(Life life);
  }

  /** In order. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  private void add(Step step) {
    steps.add(step);
  }

  private void batches(int... sizes) {
    for (int size : sizes) {
      Batch<ScanRecord> batch = batch(1 + random.nextInt(size) + size / 2);
      add(life -> life.store().write(batch));
    }
  }

  private Batch<ScanRecord> batch(int size) {
    List<Decoded<ScanRecord>> records = new ArrayList<>();
    List<DeadLetter> rejected = new ArrayList<>();
    for (int i = 0; i < size || rejected.isEmpty(); i++) {
      TrafficMessage next = traffic.next();
      Message message = message(next.payload());
      next.record().ifPresent(record -> records.add(new Decoded<>(message, record)));
      next.reason().ifPresent(reason -> rejected.add(letter(message, reason)));
    }
    letters.addAll(rejected);
    return Batch.of(records, rejected);
  }

  private Message message(byte[] payload) {
    made++;
    return new Message(
        Integer.toString(made),
        payload,
        Map.of("number", Integer.toString(made)),
        BEGINNING.plusMillis(made));
  }

  private DeadLetter letter(Message message, Reason reason) {
    return DeadLetter.of(message, reason, "by the script", BEGINNING.plusSeconds(made));
  }

  private void changeReason() {
    DeadLetter letter = letters.get(random.nextInt(letters.size()));
    add(life -> life.store().updateReason(letter.id(), Reason.INTERNAL_ERROR, "changed"));
  }

  private DeadLetter takeLetter() {
    return letters.remove(random.nextInt(letters.size()));
  }

  private void remove() {
    Set<String> ids = Set.of(takeLetter().id());
    add(life -> life.store().removeDeadLetters(DeadLetterQuery.all().withIds(ids)));
  }

  /** A dead letter becomes some record. */
  private void replay() {
    DeadLetter letter = takeLetter();
    ScanRecord record = traffic.next().record().orElse(null);
    while (record == null) {
      record = traffic.next().record().orElse(null);
    }
    Batch<ScanRecord> batch =
        Batch.of(List.of(new Decoded<>(letter.message(), record)), List.of())
            .withReplayed(List.of(letter.id()));
    add(life -> life.store().write(batch));
  }

  /**
   * What a store holds after each step, beginning with none, when the script runs on what it holds
   * already.
   */
  List<Snapshot> statesFrom(List<Step> before) {
    InMemoryScanStore model = new InMemoryScanStore();
    Life life = new Life(model);
    before.forEach(step -> step.run(life));
    List<Snapshot> states = new ArrayList<>();
    states.add(Snapshot.of(model));
    for (Step step : steps) {
      step.run(life);
      states.add(Snapshot.of(model));
    }
    return states;
  }

  /** The last of the states. */
  Snapshot end() {
    List<Snapshot> states = statesFrom(List.of());
    return states.get(states.size() - 1);
  }

  /** One run: of a file, or of a model of it, for which opening and closing are nothing. */
  static final class Life implements AutoCloseable {
    private final @Nullable Path path;
    private @Nullable ScanStore store;

    /** On a file. */
    Life(Path path) {
      this.path = path;
    }

    private Life(ScanStore model) {
      this.path = null;
      this.store = model;
    }

    ScanStore store() {
      if (store == null) {
        throw new IllegalStateException("the script uses the store before it opens it");
      }
      return store;
    }

    void open() {
      if (path != null && store == null) {
        store = SqliteScanStore.open(path, OPTIONS);
      }
    }

    void checkpoint(String mode) {
      if (path == null) {
        return;
      }
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA wal_checkpoint(" + mode + ")");
      } catch (SQLException e) {
        throw new StoreException("can not checkpoint " + path + ": " + e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      if (path != null && store != null) {
        store.close();
        store = null;
      }
    }
  }
}
