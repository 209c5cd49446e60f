package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Contestant.Task;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Quantiles;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Spread;
import io.github.miniscan.bench.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much memory {@code consume} needs with a heap of 128 MB, and whether it grows: the resident
 * size while the second tenth of the messages passed, against that of the last tenth. One run; the
 * publisher publishes beside it, and the server has memory for all.
 */
final class MemorySection implements Section {

  private static final String GROUP = "-Xmx128m";
  private static final String CONSUME = "consume";
  private static final String PEAK = "peak_rss_mib";
  private static final String EARLY = "early_rss_mib";
  private static final String LATE = "late_rss_mib";
  private static final String GROWTH = "growth";
  private static final String RATE = "messages_per_second";

  private static final String TOPIC = "memory";
  private static final String SUBSCRIPTION = "memory-sub";
  private static final int SERVER_HEAP_GB = 8;
  private static final long SEED = 5;
  private static final int KEYS = 1_000_000;
  private static final int TENTHS = 10;
  private static final double MIB = 1 << 20;

  /** What is called no growth: pages of the heap that had not been touched before. */
  private static final double GROWTH_LIMIT = 1.05;

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<String> tables() {
    return List.of("memory");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    Traffic traffic = new Traffic(SEED, options.size(10_000_000, 100_000), KEYS, 0.001);
    Runs runs = new Runs();
    Run run = run(options, traffic);
    Progress.say(run);
    runs.add(run);
    return new SectionReport(
        name(),
        Map.of(
            "messages", Integer.toString(traffic.count()),
            "keys", Integer.toString(KEYS),
            "server_heap", SERVER_HEAP_GB + " GB"),
        Map.of(),
        runs.all(),
        List.of(table(runs)),
        List.of(
            Goal.atMost(
                GROWTH_LIMIT,
                "",
                "resident size in the last tenth of %,d messages against the second"
                    .formatted(traffic.count()),
                runs.spread(GROUP, CONSUME, GROWTH))),
        List.of());
  }

  private static Run run(HarnessOptions options, Traffic traffic)
      throws IOException, InterruptedException {
    Path database = options.directory().resolve("contestant.db");
    DatabaseFiles.delete(database);
    Contestant consume = Contestants.consume(CONSUME, options.cliJar(), List.of("-Xmx128m"));
    Map<String, Double> figures = new HashMap<>();
    String fault;
    try (Server server = Server.start(options, SERVER_HEAP_GB, 0)) {
      server.topic(TOPIC);
      server.subscription(SUBSCRIPTION, TOPIC);
      Task task = new Task(server.endpoint(), Server.PROJECT, SUBSCRIPTION, database);
      try (ChildProcess process = consume.start(task, options.directory());
          ChildProcess publisher =
              new Publisher(options).start(server.endpoint(), TOPIC, traffic)) {
        Server.Mark start = Acks.await(server, process, SUBSCRIPTION, 1);
        Sizes sizes = new Sizes(process.usage(), traffic.count());
        Server.Mark end = Acks.await(server, process, SUBSCRIPTION, traffic.count(), sizes::seen);
        publisher.awaitSuccess(60);
        figures.putAll(sizes.figures());
        figures.put(RATE, end.perSecondSince(start));
      }
      fault = consume.check().faultOf(database, traffic.oracle());
    } catch (HarnessException e) {
      fault = String.valueOf(e.getMessage());
    }
    DatabaseFiles.delete(database);
    return new Run(GROUP, CONSUME, 1, figures, fault);
  }

  private static Table table(Runs runs) {
    Table.Builder table =
        Table.builder(
            "memory",
            "consume",
            "highest RSS, MiB",
            "RSS in the second tenth, MiB",
            "in the last tenth, MiB",
            "messages/s beside the publisher");
    table.row(
        GROUP + faults(runs),
        cell(runs, PEAK),
        cell(runs, EARLY),
        cell(runs, LATE),
        cell(runs, RATE));
    return table.build();
  }

  private static String faults(Runs runs) {
    String faults = String.join("; ", runs.faults(GROUP, CONSUME));
    return faults.isEmpty() ? "" : " — not counted: " + faults;
  }

  private static String cell(Runs runs, String figure) {
    Optional<Spread> spread = runs.spread(GROUP, CONSUME, figure);
    return Figures.cell(spread);
  }

  /** The resident size, each second, by how many messages had passed. */
  private static final class Sizes {
    private static final long SECOND = 1_000_000_000;

    private final ProcessUsage usage;
    private final long count;
    private final List<Double> early = new ArrayList<>();
    private final List<Double> late = new ArrayList<>();
    private long lastSample = Long.MIN_VALUE;

    Sizes(ProcessUsage usage, long count) {
      this.usage = usage;
      this.count = count;
    }

    void seen(Server.Mark mark) {
      if (mark.nanos() - lastSample < SECOND && lastSample != Long.MIN_VALUE) {
        return;
      }
      lastSample = mark.nanos();
      long tenth = mark.count() * TENTHS / count;
      if (tenth == 1 || tenth == TENTHS - 1) {
        usage.residentBytes().ifPresent(bytes -> (tenth == 1 ? early : late).add(bytes / MIB));
      }
    }

    Map<String, Double> figures() {
      Map<String, Double> figures = new HashMap<>();
      usage.peakResidentBytes().ifPresent(bytes -> figures.put(PEAK, bytes / MIB));
      if (!early.isEmpty() && !late.isEmpty()) {
        figures.put(EARLY, median(early));
        figures.put(LATE, median(late));
        figures.put(GROWTH, median(late) / median(early));
      }
      return figures;
    }

    private static double median(List<Double> values) {
      return Quantiles.of(values.stream().mapToDouble(Double::doubleValue).sorted().toArray(), 0.5);
    }
  }
}
