package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.pubsub.PullMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How much of the CPU that a message costs goes into decoding it: measured alone, by the thread's
 * CPU time on warm code, beside the CPU time of the whole program on the same messages.
 */
final class DecodeSection implements Section {

  private static final String GROUP = "decode";
  private static final String DECODE = "decoding";
  private static final String CONSUME = "consume";
  private static final String SCANS = "scans";
  private static final String WARM = "warm-up";

  /** As many as under Ingest: in shorter runs more of the whole is the JIT's. */
  private static final int COUNT = 4_800_000;

  private static final int WARM_UP = 200_000;
  private static final int KEYS = 200_000;
  private static final int DECODED = 200_000;
  private static final int PASSES = 20;
  private static final long LONGEST_SECONDS = 300;

  /**
   * That of {@code consume} has been used before once it is warm. Here the first touch of new
   * memory by a heap that still grows would be taken for decoding.
   */
  private static final List<String> HEAP = List.of("-Xms4g", "-Xmx4g", "-XX:+AlwaysPreTouch");

  private static final int SERVER_HEAP_GB = 10;
  private static final long SEED = 7;
  private static final double GOAL = 0.12;

  @Override
  public String name() {
    return "decode";
  }

  @Override
  public List<String> tables() {
    return List.of("decode");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    int count = options.size(COUNT, 40_000);
    int warmUp = options.size(WARM_UP, 20_000);
    Traffic traffic = new Traffic(SEED, count, KEYS, 0);
    Runs runs = new Runs();
    for (int round = 1; round <= options.rounds(); round++) {
      Run alone = alone(options, traffic, round);
      Run whole = whole(options, traffic, warmUp, round);
      for (Run run : List.of(alone, whole)) {
        Progress.say(run);
        runs.add(run);
      }
    }
    Table table =
        Table.builder("decode", "CPU µs/message", "decoding", "consume", "share")
            .row(
                "realistic messages",
                Figures.cell(runs.spread(GROUP, DECODE, SteadyRun.CPU)),
                Figures.cell(runs.spread(GROUP, CONSUME, SteadyRun.CPU)),
                Figures.cell(runs.ratio(GROUP, DECODE, CONSUME, SteadyRun.CPU)))
            .build();
    return new SectionReport(
        name(),
        Map.of("messages", Integer.toString(count), "warm_up", Integer.toString(warmUp)),
        Map.of(),
        runs.all(),
        List.of(table),
        List.of(
            Goal.atMost(
                GOAL,
                "",
                "CPU of decoding in the whole of `consume`",
                runs.ratio(GROUP, DECODE, CONSUME, SteadyRun.CPU))),
        List.of());
  }

  private static Run alone(HarnessOptions options, Traffic traffic, int round)
      throws IOException, InterruptedException {
    Path log = options.directory().resolve("decode.log");
    Path output = options.directory().resolve("decode.out");
    List<String> command = new ArrayList<>(Java.command());
    if (!options.quick()) {
      command.addAll(HEAP);
    }
    command.addAll(Java.main(DecodeProcess.class));
    command.addAll(
        List.of(
            Long.toString(traffic.seed()),
            Integer.toString(options.size(DECODED, 20_000)),
            Integer.toString(traffic.keys()),
            Integer.toString(options.size(PASSES, 5))));
    try (ChildProcess process = ChildProcess.start(DECODE, command, Map.of(), log, output)) {
      process.awaitSuccess(LONGEST_SECONDS);
    }
    double micros = Double.parseDouble(Files.readString(output).strip().split(" ")[1]);
    return new Run(GROUP, DECODE, round, Map.of(SteadyRun.CPU, micros), "");
  }

  private static Run whole(HarnessOptions options, Traffic traffic, int warmUp, int round)
      throws IOException, InterruptedException {
    try (Server server = Server.start(options, SERVER_HEAP_GB, 0)) {
      server.topic(SCANS);
      server.subscription(SCANS, SCANS);
      server.subscription(WARM, SCANS);
      new Publisher(options).publish(server.endpoint(), SCANS, traffic);
      SteadyRun steady = new SteadyRun(server, options.directory());
      steady.warmUp(PullMode.UNARY, WARM, traffic.count());
      return steady.measure(
          Contestants.consume(options.cliJar()),
          GROUP,
          round,
          SCANS,
          warmUp,
          traffic.count(),
          traffic::oracle);
    }
  }
}
