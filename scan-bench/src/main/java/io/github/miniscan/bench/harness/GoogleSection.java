package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.contestants.AckOnly;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.testkit.GoogleEmulator;
import io.github.miniscan.traffic.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How much of the speed of Google's emulator is used: {@code consume} beside a loop that only acks,
 * with the same client and the same kind of pull.
 *
 * <p>That emulator does not say how many were acked, so whole processes are timed until they end,
 * each with few messages and with many: the difference is free of starting and ending. Each round
 * has a fresh emulator, which has served as many before.
 */
final class GoogleSection implements Section {

  private static final String GROUP = "unary pulls";
  private static final String CONSUME = "consume";
  private static final String ACK_ONLY = "ack only";
  private static final List<String> CONTESTANTS = List.of(CONSUME, ACK_ONLY);

  /** With a longer backlog that emulator becomes slower and slower: 7,000 a second with 400,000. */
  private static final int COUNT = 100_000;

  private static final long SEED = 9;
  private static final double GOAL = 0.9;
  private static final long LONGEST_SECONDS = 300;

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
    Traffic many = new Traffic(SEED, options.size(COUNT, 12_000), 50_000, 0);
    Traffic few = many.withCount(many.count() / 4);
    Runs runs = new Runs();
    for (int round = 1; round <= options.rounds(); round++) {
      round(options, round, few, many, runs);
    }
    Table.Builder table = Table.builder("google", GROUP, "messages/s");
    for (String contestant : CONTESTANTS) {
      String faults = String.join("; ", runs.faults(GROUP, contestant));
      table.row(
          contestant + (faults.isEmpty() ? "" : " — not counted: " + faults),
          Figures.cell(runs.spread(GROUP, contestant, SteadyRun.RATE)));
    }
    table.row("ratio", Figures.cell(runs.ratio(GROUP, CONSUME, ACK_ONLY, SteadyRun.RATE)));
    return new SectionReport(
        name(),
        Map.of(
            "messages", Integer.toString(many.count()),
            "of_them_not_measured", Integer.toString(few.count())),
        Map.of(),
        runs.all(),
        List.of(table.build()),
        List.of(
            Goal.atLeast(
                GOAL,
                "`consume` against acking only, through Google's emulator",
                runs.ratio(GROUP, CONSUME, ACK_ONLY, SteadyRun.RATE))),
        List.of());
  }

  private static void round(HarnessOptions options, int round, Traffic few, Traffic many, Runs runs)
      throws IOException, InterruptedException {
    Publisher publisher = new Publisher(options);
    try (GoogleEmulator emulator = GoogleEmulator.start()) {
      String endpoint = emulator.endpoint();
      emulator.createSubscription(Server.PROJECT, "warm-up", "warm-up-sub");
      publisher.publish(endpoint, "warm-up", many);
      seconds(options, endpoint, ACK_ONLY, "warm-up-sub", many);
      for (String contestant : Turns.of(CONTESTANTS, round)) {
        double rate;
        String fault = "";
        try {
          double fewSeconds = seconds(options, emulator, contestant, "few-" + round, few);
          double manySeconds = seconds(options, emulator, contestant, "many-" + round, many);
          rate = (many.count() - few.count()) / (manySeconds - fewSeconds);
        } catch (HarnessException e) {
          rate = 0;
          fault = String.valueOf(e.getMessage());
        }
        Run run = new Run(GROUP, contestant, round, Map.of(SteadyRun.RATE, rate), fault);
        Progress.say(run);
        runs.add(run);
      }
    }
  }

  private static double seconds(
      HarnessOptions options,
      GoogleEmulator emulator,
      String contestant,
      String name,
      Traffic traffic)
      throws IOException, InterruptedException {
    String topic = name + "-" + contestant.replace(' ', '-');
    String subscription = topic + "-sub";
    emulator.createSubscription(Server.PROJECT, topic, subscription);
    new Publisher(options).publish(emulator.endpoint(), topic, traffic);
    return seconds(options, emulator.endpoint(), contestant, subscription, traffic);
  }

  /** From the start of a contestant until it has settled all messages and ended. */
  private static double seconds(
      HarnessOptions options,
      String endpoint,
      String contestant,
      String subscription,
      Traffic traffic)
      throws IOException, InterruptedException {
    Path database = options.directory().resolve("contestant.db");
    DatabaseFiles.delete(database);
    Contestant.Task task = new Contestant.Task(endpoint, Server.PROJECT, subscription, database);
    List<String> command = new ArrayList<>();
    if (contestant.equals(CONSUME)) {
      command.addAll(Contestants.consume(options.cliJar()).launch().command(task));
      command.add("--max-messages=" + traffic.count());
    } else {
      command.addAll(Java.command());
      command.addAll(Java.main(AckOnly.class));
      command.addAll(
          List.of(
              endpoint,
              task.subscriptionName(),
              database.toString(),
              PullMode.UNARY.name(),
              Integer.toString(traffic.count())));
    }
    double seconds;
    long start = System.nanoTime();
    try (ChildProcess process =
        ChildProcess.start(
            contestant, command, Map.of(), options.directory().resolve("contestant.log"))) {
      process.awaitSuccess(LONGEST_SECONDS);
      seconds = (System.nanoTime() - start) / 1e9;
    }
    if (contestant.equals(CONSUME)) {
      Oracle oracle = traffic.oracle();
      String fault = StoreCheck.ofStore().faultOf(database, oracle);
      if (!fault.isEmpty()) {
        throw new HarnessException(fault);
      }
    }
    DatabaseFiles.delete(database);
    return seconds;
  }
}
