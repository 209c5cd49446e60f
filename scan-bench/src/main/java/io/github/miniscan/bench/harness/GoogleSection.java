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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of the speed of Google's emulator is used: {@code consume} beside a loop that only acks,
 * with the same client and the same kind of pull, and beside the loop by hand.
 *
 * <p>All of them live as long as the emulator of a round and have the same portions of messages in
 * turn, of which the first ones only make them and the emulator warm.
 *
 * <p>That emulator is the slower the more messages wait: with 200,000 it gives out 13,000 a second,
 * with 20,000 ten times as many, which is more than can be made durable. So there is not one answer
 * but one for each length of a portion, and two are measured.
 */
final class GoogleSection implements Section {

  private static final String CONSUME = "consume";
  private static final String ACK_ONLY = "ack only";
  private static final String EMULATOR_CPU = "emulator_cpu_us_per_message";

  private static final int SHORT = 100_000;
  private static final int LONG = 200_000;

  /** Of long portions: with fewer the JIT is still busy beside what is measured. */
  private static final int WARM_UPS = 5;

  /** So many of each length. */
  private static final int PORTIONS = 3;

  private static final int KEYS = 50_000;

  /** That emulator keeps what was acked, about a kilobyte of each message, until it ends. */
  private static final int EMULATOR_HEAP_MIB = 12 << 10;

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
    List<Contestant> contestants =
        List.of(
            Contestants.consume(options.cliJar()),
            Contestants.handLoopByCalls(),
            Contestants.ackOnly(PullMode.UNARY));
    Schedule schedule =
        new Schedule(
            options.size(SHORT, 3_000),
            options.size(LONG, 6_000),
            options.size(WARM_UPS, 1),
            options.size(PORTIONS, 1));
    Runs runs = new Runs();
    for (int round = 1; round <= options.rounds(); round++) {
      round(options, round, contestants, schedule, runs);
    }
    return new SectionReport(
        name(),
        Map.of(
            "messages_of_short_portions", Integer.toString(schedule.shorter()),
            "messages_of_long_portions", Integer.toString(schedule.longer()),
            "portions_of_each", Integer.toString(schedule.portions()),
            "long_portions_before", Integer.toString(schedule.warmUps())),
        Map.of(),
        runs.all(),
        List.of(table(contestants, runs)),
        goals(runs),
        List.of());
  }

  /**
   * The portions of a round.
   *
   * @param shorter so many messages in a short one
   * @param longer so many messages in a long one
   * @param warmUps so many long ones come first and are not measured
   * @param portions so many of each length are measured
   */
  private record Schedule(int shorter, int longer, int warmUps, int portions) {

    int turns() {
      return warmUps + 2 * portions;
    }

    boolean isWarmUp(int turn) {
      return turn <= warmUps;
    }

    int size(int turn) {
      return isWarmUp(turn) || (turn - warmUps) % 2 == 0 ? longer : shorter;
    }
  }

  private static List<Goal> goals(Runs runs) {
    List<Goal> goals = new ArrayList<>();
    for (String group : runs.groups()) {
      goals.add(
          Goal.atLeast(
              GOAL,
              "`consume` against acking only, through Google's emulator, " + group,
              runs.ratio(group, CONSUME, ACK_ONLY, SteadyRun.RATE)));
    }
    return goals;
  }

  private static Table table(List<Contestant> contestants, Runs runs) {
    Table.Builder table =
        Table.builder(
            "google",
            "unary pulls",
            "messages/s",
            "against " + ACK_ONLY,
            "CPU µs/message",
            "CPU µs/message of the emulator");
    for (String group : runs.groups()) {
      for (Contestant contestant : contestants) {
        String name = contestant.name();
        String faults = String.join("; ", runs.faults(group, name));
        table.row(
            group + ", " + name + (faults.isEmpty() ? "" : " — not counted: " + faults),
            Figures.cell(runs.spread(group, name, SteadyRun.RATE)),
            Figures.cell(runs.ratio(group, name, ACK_ONLY, SteadyRun.RATE)),
            Figures.cell(runs.spread(group, name, SteadyRun.CPU)),
            Figures.cell(runs.spread(group, name, EMULATOR_CPU)));
      }
    }
    return table.build();
  }

  private static void round(
      HarnessOptions options, int round, List<Contestant> contestants, Schedule schedule, Runs runs)
      throws IOException, InterruptedException {
    List<PortionedRun> all = new ArrayList<>();
    try (GoogleEmulator emulator = GoogleEmulator.start(EMULATOR_HEAP_MIB)) {
      for (Contestant contestant : contestants) {
        all.add(PortionedRun.start(options, emulator, contestant));
      }
      Map<PortionedRun, Map<Integer, Portion>> measured = new LinkedHashMap<>();
      for (int turn = 1; turn <= schedule.turns(); turn++) {
        int size = schedule.size(turn);
        Traffic traffic = new Traffic(100L * round + turn, size, KEYS, 0);
        for (PortionedRun one : Turns.of(all, turn)) {
          Portion settled = one.settle(traffic);
          if (!schedule.isWarmUp(turn)) {
            measured
                .computeIfAbsent(one, key -> new TreeMap<>())
                .merge(size, settled, Portion::plus);
          }
        }
      }
      for (PortionedRun one : all) {
        String fault = one.fault();
        for (Map.Entry<Integer, Portion> sum : measured.getOrDefault(one, Map.of()).entrySet()) {
          int messages = sum.getKey() * schedule.portions();
          Run run =
              new Run(
                  "%,d waiting".formatted(sum.getKey()),
                  one.name(),
                  round,
                  figures(sum.getValue(), messages),
                  fault);
          Progress.say(run);
          runs.add(run);
        }
      }
    } finally {
      for (PortionedRun one : all) {
        one.close();
      }
    }
  }

  private static Map<String, Double> figures(Portion sum, int messages) {
    return Map.of(
        SteadyRun.RATE,
        messages * 1e9 / sum.time().toNanos(),
        SteadyRun.CPU,
        sum.cpu().toNanos() / 1e3 / messages,
        EMULATOR_CPU,
        sum.emulatorCpu().toNanos() / 1e3 / messages);
  }
}
