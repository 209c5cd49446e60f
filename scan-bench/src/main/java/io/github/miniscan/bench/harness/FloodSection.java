package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.pubsub.PullMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What becomes of the rate when messages are malformed, and each must be kept as a dead letter. */
final class FloodSection implements Section {

  private static final String GROUP = "flood";

  /**
   * So many that the JIT, which a malformed message sets to work again, is done for most of them.
   */
  private static final int COUNT = 2_400_000;

  private static final int WARM_UP = 200_000;
  private static final int KEYS = 200_000;
  private static final int SERVER_HEAP_GB = 10;
  private static final long SEED = 6;

  private static final Flood NONE = new Flood("none malformed", "none", 0, 0);
  private static final List<Flood> FLOODS =
      List.of(
          NONE,
          new Flood("1 % malformed", "few", 0.01, 0.9),
          new Flood("50 % malformed", "half", 0.5, 0.5));

  /** So many malformed messages, and how much of the rate must be left. */
  private record Flood(String name, String topic, double malformed, double goal) {}

  @Override
  public String name() {
    return "flood";
  }

  @Override
  public List<String> tables() {
    return List.of("flood");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    int count = options.size(COUNT, 30_000);
    int warmUp = options.size(WARM_UP, 10_000);
    Runs runs = new Runs();
    for (int round = 1; round <= options.rounds(); round++) {
      round(options, round, count, warmUp, runs);
    }
    List<Goal> goals = new ArrayList<>();
    Table.Builder table =
        Table.builder("flood", "messages", "messages/s", "against none", "CPU µs/message");
    for (Flood flood : FLOODS) {
      String faults = String.join("; ", runs.faults(GROUP, flood.name()));
      table.row(
          flood.name() + (faults.isEmpty() ? "" : " — not counted: " + faults),
          Figures.cell(runs.spread(GROUP, flood.name(), SteadyRun.RATE)),
          Figures.cell(runs.ratio(GROUP, flood.name(), NONE.name(), SteadyRun.RATE)),
          Figures.cell(runs.spread(GROUP, flood.name(), SteadyRun.CPU)));
      if (flood.goal() > 0) {
        goals.add(
            Goal.atLeast(
                flood.goal(),
                "`consume` with " + flood.name() + " against none",
                runs.ratio(GROUP, flood.name(), NONE.name(), SteadyRun.RATE)));
      }
    }
    return new SectionReport(
        name(),
        Map.of("messages", Integer.toString(count), "warm_up", Integer.toString(warmUp)),
        Map.of(),
        runs.all(),
        List.of(table.build()),
        goals,
        List.of());
  }

  private static void round(HarnessOptions options, int round, int count, int warmUp, Runs runs)
      throws IOException, InterruptedException {
    Publisher publisher = new Publisher(options);
    try (Server server = Server.start(options, SERVER_HEAP_GB, 0)) {
      for (Flood flood : FLOODS) {
        server.topic(flood.topic());
        server.subscription(flood.topic(), flood.topic());
        if (flood.equals(NONE)) {
          server.subscription("warm-up", flood.topic());
        }
        publisher.publish(server.endpoint(), flood.topic(), traffic(flood, count));
      }
      SteadyRun steady = new SteadyRun(server, options.directory());
      steady.warmUp(PullMode.UNARY, "warm-up", count);
      for (Flood flood : Turns.of(FLOODS, round)) {
        Contestant consume = Contestants.consume(flood.name(), options.cliJar(), List.of());
        Run run =
            steady.measure(
                consume,
                GROUP,
                round,
                flood.topic(),
                warmUp,
                count,
                () -> traffic(flood, count).oracle());
        Progress.say(run);
        runs.add(run);
      }
    }
  }

  private static Traffic traffic(Flood flood, int count) {
    return new Traffic(SEED, count, Math.min(KEYS, Math.max(count, 1)), flood.malformed());
  }
}
