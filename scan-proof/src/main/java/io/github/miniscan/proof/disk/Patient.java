package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.process.AckedStore;
import io.github.miniscan.proof.process.ScanProgram;
import io.github.miniscan.proof.process.ScanQueue;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A real consumer with its queue and its file, on a disk that does what it is told. */
final class Patient implements AutoCloseable {

  private static final int MESSAGES = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** An ack is on its way no longer than that. */
  private static final Duration ACKS_ARRIVE = Duration.ofMillis(400);

  private static final int MOST_HELD_MILLIS = 1_500;
  private static final int LATEST_WRITE = 20;
  private static final long POLL_MILLIS = 5;

  private final Path place;
  private final Path file;
  private final FaultyDisk disk;
  private final ScanProgram.Launch launch;
  private final ScanQueue queue;
  private final AckedStore store;
  private @Nullable ScanProgram program;

  Patient(Effort effort, Path library, Path place, long seed)
      throws IOException, InterruptedException {
    this.place = place;
    this.file = place.resolve("scans.db");
    this.disk = FaultyDisk.under(library, file, place.resolve("control"));
    ScanProgram.Launch plain = ScanProgram.of(effort.cliJar(), place);
    for (var variable : disk.environment().entrySet()) {
      plain = plain.withEnvironment(variable.getKey(), variable.getValue());
    }
    this.launch = plain;
    this.queue =
        ScanQueue.start(new TrafficGenerator(TrafficOptions.nasty(seed)), Integer.MAX_VALUE);
    this.store = new AckedStore(file);
  }

  /** Lets it happen, and sees what comes of it. */
  void suffer(Mishap mishap, Random random, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    switch (mishap) {
      case KILLED -> killed(mishap, random, tally);
      case REMOVED -> removed(mishap, random, tally);
      case COPY -> replacedByACopy(mishap, tally);
      case FOREIGN -> foreign(mishap, random, tally);
      case NEWER -> newer(mishap, tally);
      case GIVES_UP -> givesUp(mishap, random, tally);
      case FAILING_START, CLOSED_DIRECTORY -> failingStart(mishap, tally);
      case LOCKED -> locked(mishap, random, tally);
      case LONG_READER -> longReader(mishap, tally);
      default -> failing(mishap, random, tally);
    }
    if (mishap.isLast()) {
      end(tally);
    }
  }

  /** The disk fails: once, or until it is mended. */
  private void failing(Mishap mishap, Random random, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    mishap.befall(disk, 1 + random.nextInt(LATEST_WRITE));
    queue.publish(MESSAGES);
    awaitHit();
    if (!mishap.isOnce()) {
      nothingIsAcked(random);
      disk.relieve();
    }
    long well = System.nanoTime();
    settle();
    disk.relieve();
    tally.recovered(mishap, since(well));
  }

  private void killed(Mishap mishap, Random random, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    mishap.befall(disk, 1 + random.nextInt(LATEST_WRITE));
    queue.publish(MESSAGES);
    awaitHit();
    nothingIsAcked(random);
    running().kill();
    disk.relieve();
    restart();
    long well = System.nanoTime();
    settle();
    tally.recovered(mishap, since(well));
  }

  private void locked(Mishap mishap, Random random, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    long well;
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("BEGIN IMMEDIATE");
      queue.publish(MESSAGES);
      nothingIsAcked(random);
      statement.execute("ROLLBACK");
      well = System.nanoTime();
    } catch (SQLException e) {
      throw new IOException(e);
    }
    settle();
    tally.recovered(mishap, since(well));
  }

  /** It must not so much as notice. */
  private void longReader(Mishap mishap, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
      long before = count(statement);
      queue.publish(MESSAGES);
      long published = System.nanoTime();
      settle();
      tally.recovered(mishap, since(published));
      if (count(statement) != before) {
        throw new BrokenPromiseException("a reader's view changed under its feet");
      }
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** What was acked before is gone by an order of the operator; what comes after is not. */
  private void removed(Mishap mishap, Random random, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    Files.delete(file);
    if (random.nextBoolean()) {
      Files.deleteIfExists(beside("-wal"));
      Files.deleteIfExists(beside("-shm"));
    }
    queue.publish(MESSAGES);
    long well = System.nanoTime();
    queue.awaitSettled(PATIENCE);
    tally.recovered(mishap, since(well));
    checkWords("was removed or replaced while it was open");
    AckedStore after = new AckedStore(file);
    after.check(queue.newlyAcked());
    tally.settled(0, after.acked());
    stop();
  }

  private void replacedByACopy(Mishap mishap, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    Path copy = place.resolve("copy.db");
    sql(file, "VACUUM INTO '" + copy + "'");
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    queue.publish(MESSAGES);
    // The message asks for that; a store that was never written since has nothing beside it.
    running().awaitErr(PATIENCE, err -> err.contains("was removed or replaced"));
    Files.deleteIfExists(beside("-wal"));
    Files.deleteIfExists(beside("-shm"));
    long well = System.nanoTime();
    settle();
    tally.recovered(mishap, since(well));
  }

  private void foreign(Mishap mishap, Random random, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    Path aside = place.resolve("aside.db");
    Path other = place.resolve("other.db");
    sql(other, "CREATE TABLE t (x)");
    Files.move(file, aside);
    Files.move(other, file);
    queue.publish(MESSAGES);
    running().awaitErr(PATIENCE, err -> err.contains("was removed or replaced"));
    nothingIsAckedHere(random);
    Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
    long well = System.nanoTime();
    settle();
    tally.recovered(mishap, since(well));
  }

  private void newer(Mishap mishap, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    consumeSome();
    stop();
    sql(file, "PRAGMA user_version = 99");
    start("--connect-timeout", "5s");
    queue.publish(MESSAGES);
    stopsWith(1, "was written by a newer version of this program");
    tally.stopped(mishap);
    sql(file, "PRAGMA user_version = 1");
    restart();
    settle();
  }

  private void givesUp(Mishap mishap, Random random, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    start("--give-up-after", "1s");
    consumeSome();
    mishap.befall(disk, 1 + random.nextInt(LATEST_WRITE));
    queue.publish(MESSAGES);
    stopsWith(3, "cannot be read or written");
    disk.relieve();
    tally.stopped(mishap);
    restart();
    settle();
  }

  private void failingStart(Mishap mishap, IoFailures.Tally tally)
      throws IOException, InterruptedException {
    queue.publish(MESSAGES);
    mishap.befall(disk, 1);
    start("--connect-timeout", "2s");
    // SQLite does not tell why it can not make a file.
    stopsWith(1, "scans.db cannot be created: allow this user to write its directory");
    disk.relieve();
    tally.stopped(mishap);
    restart();
    settle();
  }

  /** Stops it as an operator does; then all that was published must be in its store. */
  void end(IoFailures.Tally tally) throws IOException, InterruptedException {
    try {
      if (program != null) {
        stop();
        queue.checkAll(store);
        tally.settled(queue.published(), store.acked());
      }
    } finally {
      close();
    }
  }

  // ---- steps

  private void consumeSome() throws IOException, InterruptedException {
    if (program == null) {
      start();
    }
    queue.publish(MESSAGES);
    settle();
  }

  /** Everything is acked, and everything that was acked is there. */
  private void settle() throws InterruptedException {
    try {
      queue.awaitSettled(PATIENCE);
    } catch (BrokenPromiseException e) {
      throw new BrokenPromiseException(e.getMessage() + "; it wrote: " + running().err(), e);
    }
    store.check(queue.newlyAcked());
    checkIsCalm();
  }

  private void awaitHit() throws InterruptedException {
    await(() -> disk.hits() > 0, "the disk is asked for nothing");
  }

  /** From the moment at which acks that were on their way have come. */
  private void nothingIsAcked(Random random) throws InterruptedException {
    nothingIsAckedHere(random);
    store.check(queue.newlyAcked());
  }

  private void nothingIsAckedHere(Random random) throws InterruptedException {
    Thread.sleep(ACKS_ARRIVE.toMillis());
    long before = queue.counts().acked();
    Thread.sleep(random.nextInt(MOST_HELD_MILLIS));
    long after = queue.counts().acked();
    if (before != after || after == queue.counts().published()) {
      throw new BrokenPromiseException(
          "%d messages were acked while nothing could be committed"
              .formatted(before == after ? MESSAGES : after - before));
    }
    if (!running().isRunning()) {
      throw new BrokenPromiseException("the consumer ended: " + running().err());
    }
  }

  private void checkIsCalm() {
    String err = running().err();
    if (err.contains("\tat ") || err.contains("Exception")) {
      throw new BrokenPromiseException("not a sentence: " + err);
    }
  }

  private void checkWords(String words) {
    if (!running().err().contains(words)) {
      throw new BrokenPromiseException(
          "it must say \"%s\", and says: %s".formatted(words, running().err()));
    }
    checkIsCalm();
  }

  private void stopsWith(int status, String words) throws IOException, InterruptedException {
    int ended = running().await(PATIENCE);
    checkWords(words);
    if (ended != status) {
      throw new BrokenPromiseException(
          "its status must be %d and is %d: %s".formatted(status, ended, running().err()));
    }
    running().close();
    program = null;
  }

  private void start(String... more) throws IOException {
    List<Object> words =
        new ArrayList<>(List.of("consume", "--emulator", queue.address(), "--store", file));
    words.addAll(List.of(more));
    program = launch.start(words.toArray());
  }

  private void restart() throws IOException {
    if (program != null) {
      program.close();
    }
    queue.expireLeases();
    start();
  }

  private void stop() throws IOException, InterruptedException {
    running().signal("TERM");
    int status = running().await(PATIENCE);
    checkIsCalm();
    if (status != 0) {
      throw new BrokenPromiseException(
          "its status must be 0 and is %d: %s".formatted(status, running().err()));
    }
    running().close();
    program = null;
  }

  private ScanProgram running() {
    if (program == null) {
      throw new IllegalStateException("no consumer was started");
    }
    return program;
  }

  private static void await(BooleanSupplier there, String otherwise) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new BrokenPromiseException(otherwise);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static Connection connect(Path path) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + path);
  }

  private static long count(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*) FROM scan")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void sql(Path path, String words) throws IOException {
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement()) {
      statement.execute(words);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (program != null) {
      program.close();
      program = null;
    }
    queue.close();
  }
}
