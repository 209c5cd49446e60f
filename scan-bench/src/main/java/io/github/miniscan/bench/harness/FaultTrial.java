package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Contestant.Task;
import io.github.miniscan.bench.harness.KnownScans.Comparison;
import io.github.miniscan.bench.harness.Server.Deliveries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What becomes of one contestant's messages when something goes wrong. Each case has a subscription
 * and a file of its own; at its end the contestant is killed, so that what was acked and is not in
 * the file then is lost.
 */
final class FaultTrial implements AutoCloseable {

  /** What was found, in words and in figures. */
  record Finding(String words, Map<String, Double> figures) {}

  /** Short, so that what a killed contestant held comes back soon. */
  private static final int ACK_DEADLINE_SECONDS = 10;

  private static final int SERVER_HEAP_GB = 2;
  private static final int JOURNAL = 100_000;
  private static final long POLL_MILLIS = 100;

  /** Long enough for acks that were sent to arrive. */
  private static final long SETTLING_MILLIS = 500;

  private final HarnessOptions options;
  private final Contestant contestant;
  private final int count;
  private final int patienceSeconds;
  private final Server server;
  private final Path file;
  private final Path log;

  /**
   * Starts a server for the cases.
   *
   * @param count how many messages each case has
   * @param patienceSeconds how long to wait for them
   */
  FaultTrial(HarnessOptions options, Contestant contestant, int count, int patienceSeconds)
      throws IOException {
    this.options = options;
    this.contestant = contestant;
    this.count = count;
    this.patienceSeconds = patienceSeconds;
    this.file = options.directory().resolve("faults.db");
    this.log = options.directory().resolve("faults.log");
    this.server = Server.start(options, SERVER_HEAP_GB, JOURNAL);
  }

  /** Nothing goes wrong. */
  Finding ordinary() throws IOException, InterruptedException {
    KnownScans scans = KnownScans.updates(count);
    Task task = task("ordinary");
    publish(task, scans.payloads());
    long acked;
    try (ChildProcess process = start(task)) {
      acked = awaitAcked(process, task, count);
      process.kill();
    }
    Comparison end = scans.compare(file);
    return finding(unsettled(acked) + end.words(), acked, end);
  }

  /** It is killed in the middle, and started again. */
  Finding killed() throws IOException, InterruptedException {
    KnownScans scans = KnownScans.distinct(count);
    Task task = task("killed");
    publish(task, scans.payloads());
    try (ChildProcess process = start(task)) {
      awaitAcked(process, task, count / 3);
      process.kill();
    }
    Thread.sleep(SETTLING_MILLIS);
    long ackedAtKill = server.acked(task.subscription(), 0, 0).count();
    int rowsAtKill = scans.compare(file).rows();
    long acked;
    try (ChildProcess process = start(task)) {
      acked = awaitAcked(process, task, count);
      process.kill();
    }
    Comparison end = scans.compare(file);
    String words =
        "acked %,d, %,d rows; then %s%s"
            .formatted(ackedAtKill, rowsAtKill, unsettled(acked), end.words());
    Finding finding = finding(words, acked, end);
    finding.figures.put("acked_at_kill", (double) ackedAtKill);
    finding.figures.put("rows_at_kill", (double) rowsAtKill);
    return finding;
  }

  /** Another process holds the file's write lock for a while. */
  Finding locked(int seconds) throws IOException, InterruptedException {
    KnownScans scans = KnownScans.distinct(count);
    int before = count / 10;
    Task task = task("locked");
    publish(task, scans.payloads().subList(0, before));
    long ackedWhileLocked;
    int rowsWhileLocked;
    long acked;
    boolean survived;
    try (ChildProcess process = start(task)) {
      awaitAcked(process, task, before);
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement lock = other.createStatement()) {
        lock.execute("PRAGMA busy_timeout = 10000");
        lock.execute("BEGIN IMMEDIATE");
        int rowsBefore = scans.compare(file).rows();
        long ackedBefore = server.acked(task.subscription(), 0, 0).count();
        publish(task, scans.payloads().subList(before, count));
        TimeUnit.SECONDS.sleep(seconds);
        ackedWhileLocked = server.acked(task.subscription(), 0, 0).count() - ackedBefore;
        rowsWhileLocked = scans.compare(file).rows() - rowsBefore;
        lock.execute("ROLLBACK");
      } catch (SQLException e) {
        throw new HarnessException("cannot lock " + file + ": " + e.getMessage(), e);
      }
      acked = awaitAcked(process, task, count);
      survived = process.isAlive();
      process.kill();
    }
    Comparison end = scans.compare(file);
    String words =
        "acked %,d, %,d rows; then %s%s%s"
            .formatted(
                ackedWhileLocked,
                rowsWhileLocked,
                survived ? "" : "it ended, ",
                unsettled(acked),
                end.words());
    Finding finding = finding(words, acked, end);
    finding.figures.put("acked_while_locked", (double) ackedWhileLocked);
    finding.figures.put("rows_while_locked", (double) rowsWhileLocked);
    return finding;
  }

  /** One message of a hundred is malformed. */
  Finding malformed(int seconds) throws IOException, InterruptedException {
    KnownScans scans = KnownScans.updates(count);
    int bad = Math.max(1, count / 100);
    Task task = task("malformed");
    publish(task, scans.payloads().subList(0, count / 2));
    publish(task, KnownScans.malformed(bad));
    publish(task, scans.payloads().subList(count / 2, count));
    boolean survived;
    Comparison end;
    Deliveries deliveries;
    try (ChildProcess process = start(task)) {
      awaitAcked(process, task, count / 3);
      long stop = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (process.isAlive() && System.nanoTime() < stop) {
        Thread.sleep(POLL_MILLIS);
      }
      survived = process.isAlive();
      deliveries = server.deliveries(task.subscription(), count / 2, count / 2 + bad);
      end = scans.compare(file);
      process.kill();
    }
    double each = (double) deliveries.delivered() / bad;
    String words =
        "%s%s; each malformed message delivered %s, %,d of %,d acked, %,d kept as records"
            .formatted(
                survived ? "" : "it ended, ",
                end.missing() == 0
                    ? "all good ones there"
                    : "%,d good ones missing".formatted(end.missing()),
                each == 1 ? "once" : "%,.1f times".formatted(each),
                deliveries.acked(),
                bad,
                end.extra());
    Finding finding = finding(words, server.acked(task.subscription(), 0, 0).count(), end);
    finding.figures.put("deliveries_of_each_malformed", each);
    finding.figures.put("malformed_acked", (double) deliveries.acked());
    return finding;
  }

  private Finding finding(String words, long acked, Comparison end) {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("acked", (double) acked);
    figures.put("rows", (double) end.rows());
    figures.put("missing", (double) end.missing());
    figures.put("wrong", (double) end.wrong());
    figures.put("extra", (double) end.extra());
    return new Finding(words, figures);
  }

  /** Nothing when all were acked. */
  private String unsettled(long acked) {
    return acked >= count
        ? ""
        : "only %,d of %,d acked within %d s, ".formatted(acked, count, patienceSeconds);
  }

  private Task task(String name) throws IOException {
    DatabaseFiles.delete(file);
    server.topic(name);
    server.subscription(name, name, ACK_DEADLINE_SECONDS);
    return new Task(server.endpoint(), Server.PROJECT, name, file);
  }

  private void publish(Task task, List<byte[]> payloads) throws IOException, InterruptedException {
    Path lines = options.directory().resolve("faults.base64");
    Publisher.write(payloads, lines);
    new Publisher(options)
        .publish(task.endpoint(), task.subscription(), lines, Publisher.UNLIMITED);
    Files.delete(lines);
  }

  private ChildProcess start(Task task) throws IOException {
    return ChildProcess.start(
        contestant.name(),
        contestant.launch().command(task),
        contestant.launch().environment(task),
        log);
  }

  /** Waits until so many were acked, the process ended, or patience did; says how many were. */
  private long awaitAcked(ChildProcess process, Task task, long wanted) throws IOException {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
    long acked;
    do {
      acked = server.acked(task.subscription(), wanted, POLL_MILLIS).count();
    } while (acked < wanted && process.isAlive() && System.nanoTime() < giveUp);
    return acked;
  }

  /** Ends the server and removes the files. */
  @Override
  public void close() throws IOException {
    server.close();
    DatabaseFiles.delete(file);
    Files.deleteIfExists(log);
  }
}
