package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Contestant.Task;
import io.github.miniscan.bench.harness.Server.Mark;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.traffic.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One contestant settles what waits in a subscription. It is measured from the moment when the
 * server had so many acks that everything is warm, until it had them all; then the contestant is
 * ended and what it kept is checked.
 */
final class SteadyRun {

  /** Messages a second. */
  static final String RATE = "messages_per_second";

  /** Microseconds of CPU a message, of the contestant alone. */
  static final String CPU = "cpu_us_per_message";

  /** The highest resident size, in MiB. */
  static final String MEMORY = "peak_rss_mib";

  /** Microseconds of CPU a message, of the server. */
  static final String SERVER_CPU = "server_cpu_us_per_message";

  private static final double MIB = 1 << 20;

  private final Server server;
  private final Path directory;

  /**
   * Runs of one server.
   *
   * @param directory where the contestants' files go, which are removed after each run
   */
  SteadyRun(Server server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  /**
   * Measures a contestant.
   *
   * @param warmUp so many messages are not measured
   * @param count so many messages wait in the subscription
   * @param oracle of those messages
   */
  Run measure(
      Contestant contestant,
      String group,
      int round,
      String subscription,
      int warmUp,
      int count,
      Supplier<Oracle> oracle)
      throws IOException {
    Files.createDirectories(directory);
    Path database = directory.resolve("contestant.db");
    DatabaseFiles.delete(database);
    Task task = new Task(server.endpoint(), Server.PROJECT, subscription, database);
    Map<String, Double> figures = new HashMap<>();
    String fault;
    try {
      figures.putAll(settle(contestant, task, warmUp, count));
      fault = contestant.check().faultOf(database, oracle.get());
    } catch (HarnessException e) {
      fault = String.valueOf(e.getMessage());
    }
    DatabaseFiles.delete(database);
    return new Run(group, contestant.name(), round, figures, fault);
  }

  /**
   * Empties a subscription and keeps nothing, so that whoever comes first does not meet a server
   * whose JIT is still busy.
   */
  void warmUp(PullMode pullMode, String subscription, int count) throws IOException {
    Contestant drain = Contestants.ackOnly(pullMode);
    Task task =
        new Task(server.endpoint(), Server.PROJECT, subscription, directory.resolve("none"));
    settle(drain, task, 0, count);
  }

  private Map<String, Double> settle(Contestant contestant, Task task, int warmUp, int count)
      throws IOException {
    Map<String, Double> figures = new HashMap<>();
    try (ChildProcess process = contestant.start(task, directory)) {
      Mark warm = Acks.await(server, process, task.subscription(), warmUp);
      Duration cpuBefore = process.usage().cpu();
      Duration serverBefore = server.usage().cpu();
      Mark end = Acks.await(server, process, task.subscription(), count);
      Duration cpu = process.usage().cpu().minus(cpuBefore);
      Duration serverCpu = server.usage().cpu().minus(serverBefore);
      figures.put(RATE, end.perSecondSince(warm));
      figures.put(CPU, micros(cpu) / (end.count() - warm.count()));
      figures.put(SERVER_CPU, micros(serverCpu) / (end.count() - warm.count()));
      process.usage().peakResidentBytes().ifPresent(bytes -> figures.put(MEMORY, bytes / MIB));
    }
    return figures;
  }

  private static double micros(Duration duration) {
    return duration.toNanos() / 1e3;
  }
}
