package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.PortionedRun.Cost;
import io.github.miniscan.bench.harness.TrafficPortions.Portion;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.testkit.google.GoogleEmulator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of the speed of Google's emulator is used: {@code consume} beside a loop that only acks,
 * with the same client and the same kind of pull, and beside the loop by hand. The control acks
 * like the former, but uses nearly as much CPU as {@code consume} before: what it has less than
 * acking alone, that server loses to whoever shares two cores with it.
 *
 * <p>All of them live as long as the emulator of a round and have the same portions of messages in
 * turn. The first ones, which come at a rate that leaves little waiting, only make them and the
 * emulator warm, and bring the keys of which the others have newer scans.
 *
 * <p>That emulator is the slower the more messages wait: with 200,000 it gives out half as many a
 * second as with 100,000, and with few more than can be made durable. So there is not one answer
 * but one for each length of a portion, and two are measured.
 */
final class GoogleSection implements Section {

  private static final String CONSUME = "consume";
  private static final String ACK_ONLY = "ack only";
  private static final String EMULATOR_CPU = "emulator_cpu_us_per_message";

  private static final int SHORT = 100_000;
  private static final int LONG = 200_000;

  /** So many of each length. */
  private static final int PORTIONS = 3;

  /** With fewer messages the JIT is still busy beside what is measured. */
  private static final int WARM_UPS = 4;

  private static final int WARM_UP = 400_000;
  private static final int WARM_UP_RATE = 20_000;

  private static final int KEYS = 200_000;

  /** What {@code consume} uses of a message beyond what acking takes, and rather less than more. */
  private static final Duration WORK = Duration.ofNanos(9_000);

  /**
   * That emulator keeps what was acked until it ends, up to a kilobyte of each message. A heap that
   * is there from the start neither has to be collected as a whole while it grows, which takes
   * seconds, nor has new pages in somebody's portion.
   */
  private static final List<String> EMULATOR_HEAP =
      List.of("-Xms12g", "-Xmx12g", "-Xmn1g", "-XX:+AlwaysPreTouch");

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
            Contestants.ackAfterWork(PullMode.UNARY, WORK),
            Contestants.ackOnly(PullMode.UNARY));
    Schedule schedule =
        new Schedule(
            options.size(SHORT, 3_000),
            options.size(LONG, 6_000),
            options.size(PORTIONS, 1),
            options.size(WARM_UP, 6_000),
            options.size(WARM_UPS, 1),
            options.size(KEYS, 20_000));
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
            "messages_before", Integer.toString(schedule.warmUps() * schedule.warmUp()),
            "keys", Integer.toString(schedule.keys()),
            "nanoseconds_of_work", Long.toString(WORK.toNanos())),
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
   * @param portions so many of each length are measured
   * @param warmUp so many messages in each of those before
   * @param warmUps so many of those
   * @param keys all scans are of so many
   */
  private record Schedule(
      int shorter, int longer, int portions, int warmUp, int warmUps, int keys) {

    /** The length of a portion that is measured, by its turn, counted from 1. */
    int size(int turn) {
      return turn % 2 == 0 ? longer : shorter;
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
    TrafficOptions traffic =
        TrafficOptions.realistic(round).withKeys(schedule.keys()).withMalformed(0);
    Path file = options.directory().resolve("portion.base64");
    try (GoogleEmulator emulator =
            options.quick() ? GoogleEmulator.start() : GoogleEmulator.start(EMULATOR_HEAP);
        TrafficPortions portions = new TrafficPortions(traffic, file)) {
      for (Contestant contestant : contestants) {
        all.add(PortionedRun.start(options, emulator, contestant));
      }
      warmUp(all, portions, schedule);
      Map<PortionedRun, Map<Integer, Cost>> costs = settle(all, portions, schedule);
      for (PortionedRun one : all) {
        String fault = one.fault(portions.oracle());
        for (Map.Entry<Integer, Cost> sum : costs.getOrDefault(one, Map.of()).entrySet()) {
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

  private static void warmUp(List<PortionedRun> all, TrafficPortions portions, Schedule schedule)
      throws IOException, InterruptedException {
    for (int turn = 1; turn <= schedule.warmUps(); turn++) {
      Portion portion = portions.next(schedule.warmUp());
      for (PortionedRun one : Turns.of(all, turn)) {
        one.warmUp(portion, WARM_UP_RATE);
      }
    }
  }

  /** Has the portions that count settled, and sums up what those of each length cost. */
  private static Map<PortionedRun, Map<Integer, Cost>> settle(
      List<PortionedRun> all, TrafficPortions portions, Schedule schedule)
      throws IOException, InterruptedException {
    Map<PortionedRun, Map<Integer, Cost>> costs = new LinkedHashMap<>();
    for (int turn = 1; turn <= 2 * schedule.portions(); turn++) {
      Portion portion = portions.next(schedule.size(turn));
      for (PortionedRun one : Turns.of(all, turn)) {
        costs
            .computeIfAbsent(one, key -> new TreeMap<>())
            .merge(portion.count(), one.settle(portion), Cost::plus);
      }
    }
    return costs;
  }

  private static Map<String, Double> figures(Cost sum, int messages) {
    return Map.of(
        SteadyRun.RATE,
        messages * 1e9 / sum.time().toNanos(),
        SteadyRun.CPU,
        sum.cpu().toNanos() / 1e3 / messages,
        EMULATOR_CPU,
        sum.emulatorCpu().toNanos() / 1e3 / messages);
  }
}
