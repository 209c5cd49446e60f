package io.github.miniscan.proof.soak;

import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.process.AckedStore;
import io.github.miniscan.proof.process.Progress;
import io.github.miniscan.proof.process.ScanProgram;
import io.github.miniscan.proof.process.ScanQueue;
import io.github.miniscan.proof.process.TcpProxy;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One long run: a queue that is fed at a steady rate, a consumer, and troubles in turn. */
final class Soak implements AutoCloseable {

  private static final int RATE = 2_000;
  private static final int PIECES_A_SECOND = 20;
  private static final int JOURNAL = 400_000;
  private static final Duration BETWEEN_TROUBLES = Duration.ofSeconds(30);
  private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long TICK_MILLIS = 20;

  private final Duration length;
  private final Duration betweenTroubles;
  private final Random random;
  private final Path file;
  private final Path collections;
  private final ScanProgram.Launch program;
  private final ScanQueue queue;
  private final TcpProxy proxy;
  private final AckedStore store;
  private final Use use;
  private final Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);
  private final AtomicReference<@Nullable Throwable> feederFailure = new AtomicReference<>();
  private final Thread feeder = new Thread(this::feed, "feeder");
  private volatile boolean fed = true;
  private ScanProgram consumer;
  private int lives = 1;
  private Duration firstLife = Duration.ZERO;

  Soak(long seed, Duration length, Path jar, Path directory)
      throws IOException, InterruptedException {
    this.length = length;
    Duration short12th = length.dividedBy(12);
    betweenTroubles = short12th.compareTo(BETWEEN_TROUBLES) < 0 ? short12th : BETWEEN_TROUBLES;
    random = new Random(seed);
    file = directory.resolve("soak.db");
    collections = directory.resolve("gc.log");
    use = new Use(directory.resolve("soak.db-wal"), collections);
    program =
        ScanProgram.of(jar, directory)
            .withJavaOptions(
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-Xlog:gc:file=" + collections));
    queue = ScanQueue.start(new TrafficGenerator(TrafficOptions.nasty(seed)), JOURNAL);
    proxy = new TcpProxy(queue.port());
    store = new AckedStore(file);
    consumer = start();
    feeder.setDaemon(true);
    feeder.start();
  }

  private ScanProgram start() throws IOException {
    String pull = lives % 2 == 1 ? "streaming" : "unary";
    return program.start("consume", "--emulator", proxy.address(), "--store", file, "--pull", pull);
  }

  /** Feeds at a steady rate, whatever the consumer does. */
  private void feed() {
    long began = System.nanoTime();
    try {
      for (long piece = 1; fed; piece++) {
        queue.publish(RATE / PIECES_A_SECOND);
        long due = began + piece * TimeUnit.SECONDS.toNanos(1) / PIECES_A_SECOND;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      }
    } catch (RuntimeException | InterruptedException e) {
      feederFailure.set(e);
    }
  }

  /**
   * The first two thirds are one life; then it is stopped and killed, too.
   *
   * @throws BrokenPromiseException when something grows, is lost, or goes back
   */
  void run(Progress progress) throws IOException, InterruptedException {
    queue.awaitAcked(1, PATIENCE);
    long began = System.nanoTime();
    long nextTrouble = betweenTroubles.toNanos();
    long nextSample = 0;
    int turn = 0;
    for (long now = 0; now < length.toNanos(); now = System.nanoTime() - began) {
      boolean oneLife = now < length.toNanos() / 3 * 2;
      if (now >= nextSample && lives == 1) {
        use.sample(consumer.usage());
        firstLife = Duration.ofNanos(System.nanoTime() - consumer.startedAt());
        nextSample = now + Math.min(BETWEEN_SAMPLES.toNanos(), length.toNanos() / 60);
      }
      if (now >= nextTrouble) {
        nextTrouble += betweenTroubles.toNanos();
        List<Trouble> possible = oneLife ? Trouble.LIVED_THROUGH : Trouble.ALL;
        trouble(possible.get(turn++ % possible.size()));
        store.check(queue.newlyAcked());
      }
      if (!consumer.isRunning()) {
        throw new BrokenPromiseException("the consumer ended by itself: " + consumer.err());
      }
      progress.tell(
          () -> "%,d published, %,d acked".formatted(queue.published(), queue.counts().acked()));
      TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
    }
    end();
  }

  private void trouble(Trouble trouble) throws IOException, InterruptedException {
    switch (trouble) {
      case SERVER_AWAY -> {
        proxy.refuse();
        pause();
        proxy.accept();
      }
      case STREAMS_RESET -> queue.faults().resetStreams(Status.UNAVAILABLE);
      case FILE_LOCKED -> whileOther("BEGIN IMMEDIATE");
      case LONG_READER -> whileOther("BEGIN", "SELECT count(*) FROM scan");
      case STOPPED -> {
        stop();
        restart();
      }
      case KILLED -> {
        consumer.kill();
        consumer.close();
        restart();
      }
    }
    troubles.merge(trouble, 1, Integer::sum);
  }

  private void restart() throws IOException {
    queue.expireLeases();
    lives++;
    consumer = start();
  }

  private void stop() throws IOException, InterruptedException {
    consumer.signal("TERM");
    int status = consumer.await(PATIENCE);
    if (status != 0) {
      throw new BrokenPromiseException(
          "a stop must end with status 0, and this one did with " + status + consumer.err());
    }
    consumer.close();
  }

  private void whileOther(String... statements) throws InterruptedException {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      for (String each : statements) {
        statement.execute(each);
      }
      pause();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot disturb " + file, e);
    }
  }

  /** From a tenth to a third of the time between troubles. */
  private void pause() throws InterruptedException {
    long tenth = betweenTroubles.toNanos() / 10;
    TimeUnit.NANOSECONDS.sleep(tenth + random.nextLong(2 * tenth));
  }

  private void end() throws IOException, InterruptedException {
    fed = false;
    feeder.join();
    Throwable failure = feederFailure.get();
    if (failure != null) {
      throw new IllegalStateException("nothing more could be published", failure);
    }
    queue.awaitSettled(PATIENCE);
    stop();
    store.check(queue.newlyAcked());
    queue.checkAll(store);
    use.check();
  }

  Use use() {
    return use;
  }

  Map<Trouble, Integer> troubles() {
    return troubles;
  }

  int lives() {
    return lives;
  }

  Duration firstLife() {
    return firstLife;
  }

  long messages() {
    return queue.published();
  }

  long redeliveries() {
    return queue.redeliveries();
  }

  @Override
  public void close() throws IOException {
    fed = false;
    consumer.close();
    try {
      feeder.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    proxy.close();
    queue.close();
    Files.deleteIfExists(collections);
  }
}
