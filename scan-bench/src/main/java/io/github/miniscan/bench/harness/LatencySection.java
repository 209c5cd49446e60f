package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Contestant.Task;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Quantiles;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long it takes from publishing a message until it is durable, at a thousand messages a second.
 * What the server sees is the ack, which is later than that by its own way back. Beside it, in each
 * round, how long the disk takes to sync.
 */
final class LatencySection implements Section {

  private static final String CONSUME = "consume";
  private static final String SYNC = "one sync of the disk";
  private static final String MEDIAN = "p50_ms";
  private static final String NINETY = "p90_ms";
  private static final String NINETY_NINE = "p99_ms";
  private static final String MAX = "max_ms";

  private static final String TOPIC = "latency";
  private static final String SUBSCRIPTION = "latency-sub";
  private static final int RATE = 1_000;

  /** The publisher catches up with the seconds in which its JVM started: a burst, not the rate. */
  private static final int CATCHING_UP = 5 * RATE;

  private static final int SERVER_HEAP_GB = 2;
  private static final long SEED = 4;
  private static final int KEYS = 200_000;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public List<String> tables() {
    return List.of("latency");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    int count = options.size(40_000, 5_000);
    int warmUp = options.size(50_000, 20_000);
    String group = "%,d a second".formatted(RATE);
    Runs runs = new Runs();
    for (int round = 1; round <= options.rounds(); round++) {
      Run sync = run(group, SYNC, round, DiskSync.millis(options.directory()));
      Run consume = run(group, CONSUME, round, latencies(options, warmUp, count));
      for (Run run : List.of(sync, consume)) {
        Progress.say(run);
        runs.add(run);
      }
    }
    return new SectionReport(
        name(),
        Map.of(
            "messages", Integer.toString(count),
            "warm_up", Integer.toString(warmUp),
            "rate", Integer.toString(RATE)),
        Map.of(),
        runs.all(),
        List.of(table(runs, group)),
        List.of(
            Goal.atMost(10, "ms", "publish to durable, p50", runs.spread(group, CONSUME, MEDIAN)),
            Goal.atMost(
                50, "ms", "publish to durable, p99", runs.spread(group, CONSUME, NINETY_NINE))),
        List.of());
  }

  private static double[] latencies(HarnessOptions options, int warmUp, int count)
      throws IOException, InterruptedException {
    Path database = options.directory().resolve("contestant.db");
    DatabaseFiles.delete(database);
    int paced = CATCHING_UP + count;
    Publisher publisher = new Publisher(options);
    Contestant consume = Contestants.consume(options.cliJar());
    double[] millis;
    try (Server server = Server.start(options, SERVER_HEAP_GB, warmUp + paced)) {
      server.topic(TOPIC);
      server.subscription(SUBSCRIPTION, TOPIC);
      Task task = new Task(server.endpoint(), Server.PROJECT, SUBSCRIPTION, database);
      try (ChildProcess process = consume.start(task, options.directory())) {
        publisher.publish(server.endpoint(), TOPIC, new Traffic(SEED, warmUp, KEYS, 0));
        Acks.await(server, process, SUBSCRIPTION, warmUp);
        try (ChildProcess publishing =
            publisher.start(
                server.endpoint(),
                TOPIC,
                new Traffic(SEED + 1, paced, KEYS, 0),
                "--rate=" + RATE)) {
          publishing.awaitSuccess(600);
        }
        Acks.await(server, process, SUBSCRIPTION, warmUp + (long) paced);
        millis = server.latencies(SUBSCRIPTION, warmUp + CATCHING_UP);
      }
    }
    DatabaseFiles.delete(database);
    return millis;
  }

  private static Run run(String group, String contestant, int round, double[] millis) {
    Arrays.sort(millis);
    Map<String, Double> figures = new HashMap<>();
    figures.put(MEDIAN, Quantiles.of(millis, 0.5));
    figures.put(NINETY, Quantiles.of(millis, 0.9));
    figures.put(NINETY_NINE, Quantiles.of(millis, 0.99));
    figures.put(MAX, Quantiles.of(millis, 1));
    return new Run(group, contestant, round, figures, "");
  }

  private static Table table(Runs runs, String group) {
    Table.Builder table = Table.builder("latency", "ms", "p50", "p90", "p99", "max");
    for (String contestant : List.of(CONSUME, SYNC)) {
      table.row(
          contestant,
          Figures.cell(runs.spread(group, contestant, MEDIAN)),
          Figures.cell(runs.spread(group, contestant, NINETY)),
          Figures.cell(runs.spread(group, contestant, NINETY_NINE)),
          Figures.cell(runs.spread(group, contestant, MAX)));
    }
    return table.build();
  }
}
