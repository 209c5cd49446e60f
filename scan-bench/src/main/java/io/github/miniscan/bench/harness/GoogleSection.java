package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.PortionedRun.Portion;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.testkit.GoogleEmulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of the speed of Google's emulator is used: {@code consume} beside a loop that only acks,
 * with the same client and the same kind of pull, and beside the loop by hand.
 *
 * <p>All of them live as long as the emulator of a round and have the same portions of messages in
 * turn, of which the first ones only make them and the emulator warm.
 */
final class GoogleSection implements Section {

  private static final String GROUP = "unary pulls";
  private static final String CONSUME = "consume";
  private static final String ACK_ONLY = "ack only";
  private static final String EMULATOR_CPU = "emulator_cpu_us_per_message";

  /** That emulator becomes slower and slower with a longer backlog: 4,000 a second with 800,000. */
  private static final int PORTION = 100_000;

  private static final int WARM_UP_PORTIONS = 6;
  private static final int PORTIONS = 4;
  private static final int KEYS = 50_000;
  private static final int EMULATOR_HEAP_MIB = 8 << 10;
  private static final double GOAL = 0.9;

  @Override
  public String name() {
    return "google";
  }

  @Override
  public List<String> tables() {
    return List.of("google");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    if (!GoogleEmulator.isInstalled()) {
      throw new HarnessException(GoogleEmulator.NOT_INSTALLED);
    }
    int portion = options.size(PORTION, 6_000);
    List<Contestant> contestants =
        List.of(
            Contestants.consume(options.cliJar()),
            Contestants.handLoopByCalls(),
            Contestants.ackOnly(PullMode.UNARY));
    Runs runs = new Runs();
    for (int round = 1; round <= options.rounds(); round++) {
      round(options, round, contestants, portion, runs);
    }
    return new SectionReport(
        name(),
        Map.of(
            "messages_of_a_portion", Integer.toString(portion),
            "portions", Integer.toString(options.size(PORTIONS, 1)),
            "portions_before", Integer.toString(options.size(WARM_UP_PORTIONS, 1))),
        Map.of(),
        runs.all(),
        List.of(table(contestants, runs)),
        List.of(
            Goal.atLeast(
                GOAL,
                "`consume` against acking only, through Google's emulator",
                runs.ratio(GROUP, CONSUME, ACK_ONLY, SteadyRun.RATE))),
        List.of());
  }

  private static Table table(List<Contestant> contestants, Runs runs) {
    Table.Builder table =
        Table.builder(
            "google",
            GROUP,
            "messages/s",
            "against " + ACK_ONLY,
            "CPU µs/message",
            "CPU µs/message of the emulator");
    for (Contestant contestant : contestants) {
      String name = contestant.name();
      String faults = String.join("; ", runs.faults(GROUP, name));
      table.row(
          name + (faults.isEmpty() ? "" : " — not counted: " + faults),
          Figures.cell(runs.spread(GROUP, name, SteadyRun.RATE)),
          Figures.cell(runs.ratio(GROUP, name, ACK_ONLY, SteadyRun.RATE)),
          Figures.cell(runs.spread(GROUP, name, SteadyRun.CPU)),
          Figures.cell(runs.spread(GROUP, name, EMULATOR_CPU)));
    }
    return table.build();
  }

  private static void round(
      HarnessOptions options, int round, List<Contestant> contestants, int portion, Runs runs)
      throws IOException, InterruptedException {
    List<PortionedRun> all = new ArrayList<>();
    try (GoogleEmulator emulator = GoogleEmulator.start(EMULATOR_HEAP_MIB)) {
      for (Contestant contestant : contestants) {
        all.add(PortionedRun.start(options, emulator, contestant));
      }
      int warmUp = options.size(WARM_UP_PORTIONS, 1);
      int measured = options.size(PORTIONS, 1);
      Map<String, Portion> took = new HashMap<>();
      for (int turn = 1; turn <= warmUp + measured; turn++) {
        Traffic traffic = new Traffic(100L * round + turn, portion, KEYS, 0);
        for (PortionedRun one : Turns.of(all, turn)) {
          Portion settled = one.settle(traffic);
          if (turn > warmUp) {
            took.merge(one.name(), settled, Portion::plus);
          }
        }
      }
      for (PortionedRun one : all) {
        Portion sum = took.getOrDefault(one.name(), Portion.NONE);
        Run run = run(one, round, sum, portion * measured);
        Progress.say(run);
        runs.add(run);
      }
    } finally {
      for (PortionedRun one : all) {
        one.close();
      }
    }
  }

  private static Run run(PortionedRun one, int round, Portion sum, int messages)
      throws IOException, InterruptedException {
    Map<String, Double> figures =
        Map.of(
            SteadyRun.RATE,
            messages * 1e9 / sum.time().toNanos(),
            SteadyRun.CPU,
            sum.cpu().toNanos() / 1e3 / messages,
            EMULATOR_CPU,
            sum.emulatorCpu().toNanos() / 1e3 / messages);
    return new Run(GROUP, one.name(), round, figures, one.fault());
  }
}
