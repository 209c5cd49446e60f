package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.contestants.BarePublisher;
import io.github.miniscan.bench.harness.Server.Mark;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Spread;
import io.github.miniscan.bench.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How fast {@code publish} is beside bare clients that publish the same. */
final class PublishSection implements Section {

  private static final String GROUP = "publish";
  private static final String PUBLISH = "publish";
  private static final String CLIENT = "the library's Publisher";
  private static final String STUB = "calls of 1,000 on the stub";
  private static final List<String> CONTESTANTS = List.of(PUBLISH, CLIENT, STUB);

  private static final int COUNT = 1_000_000;
  private static final int KEYS = 200_000;
  private static final int SERVER_HEAP_GB = 6;
  private static final int WARM_UP_SHARE = 5;
  private static final long POLL_MILLIS = 250;
  private static final long SEED = 8;
  private static final double GOAL = 0.8;

  @Override
  public String name() {
    return "publish";
  }

  @Override
  public List<String> tables() {
    return List.of("publish");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    Traffic traffic = new Traffic(SEED, options.size(COUNT, 40_000), KEYS, 0);
    Runs runs = new Runs();
    for (int round = 1; round <= options.rounds(); round++) {
      // Not counted: whoever came first in a round had but half of the rate, before a server of its
      // own as the others have.
      run(options, STUB, round, traffic);
      for (String contestant : Turns.of(CONTESTANTS, round)) {
        Run run = run(options, contestant, round, traffic);
        Progress.say(run);
        runs.add(run);
      }
    }
    Table.Builder table =
        Table.builder(
            "publish", "publisher", "messages/s", "`publish` is faster by", "CPU µs/message");
    for (String contestant : CONTESTANTS) {
      table.row(
          contestant,
          Figures.cell(runs.spread(GROUP, contestant, SteadyRun.RATE)),
          Figures.cell(ratio(runs, contestant)),
          Figures.cell(runs.spread(GROUP, contestant, SteadyRun.CPU)));
    }
    Optional<Spread> againstBest =
        List.of(CLIENT, STUB).stream()
            .flatMap(bare -> ratio(runs, bare).stream())
            .min(Comparator.comparingDouble(Spread::median));
    return new SectionReport(
        name(),
        Map.of("messages", Integer.toString(traffic.count())),
        Map.of(),
        runs.all(),
        List.of(table.build()),
        List.of(Goal.atLeast(GOAL, "`publish` against the better bare client", againstBest)),
        List.of());
  }

  private static Optional<Spread> ratio(Runs runs, String bare) {
    return runs.ratio(GROUP, PUBLISH, bare, SteadyRun.RATE);
  }

  /** Each has a server of its own, which is as cold for all. */
  private static Run run(HarnessOptions options, String contestant, int round, Traffic traffic)
      throws IOException, InterruptedException {
    try (Server server = Server.start(options, SERVER_HEAP_GB, 0)) {
      server.topic(GROUP);
      server.subscription(GROUP, GROUP);
      try (ChildProcess process = start(options, contestant, server.endpoint(), traffic)) {
        Mark warm = await(server, process, traffic.count() / WARM_UP_SHARE);
        Duration before = process.usage().cpu();
        Mark end = await(server, process, traffic.count());
        // Before it ends, as long as there is something to read.
        Duration cpu = process.usage().cpu().minus(before);
        process.awaitSuccess(60);
        return new Run(
            GROUP,
            contestant,
            round,
            Map.of(
                SteadyRun.RATE,
                end.perSecondSince(warm),
                SteadyRun.CPU,
                cpu.toNanos() / 1e3 / (end.count() - warm.count())),
            "");
      } catch (HarnessException e) {
        return new Run(GROUP, contestant, round, Map.of(), String.valueOf(e.getMessage()));
      }
    }
  }

  private static ChildProcess start(
      HarnessOptions options, String contestant, String endpoint, Traffic traffic)
      throws IOException {
    if (contestant.equals(PUBLISH)) {
      return new Publisher(options).start(endpoint, GROUP, traffic);
    }
    List<String> command = new ArrayList<>(Java.command());
    command.addAll(Java.main(BarePublisher.class));
    command.addAll(
        List.of(
            endpoint,
            "projects/" + Server.PROJECT + "/topics/" + GROUP,
            contestant.equals(CLIENT) ? "client" : "stub",
            Long.toString(traffic.seed()),
            Integer.toString(traffic.count()),
            Integer.toString(traffic.keys())));
    return ChildProcess.start(
        contestant, command, Map.of(), options.directory().resolve("publish.log"));
  }

  private static Mark await(Server server, ChildProcess process, long wanted) throws IOException {
    Mark mark = server.published(GROUP, wanted, POLL_MILLIS);
    while (mark.count() < wanted) {
      boolean ended = !process.isAlive();
      mark = server.published(GROUP, wanted, POLL_MILLIS);
      if (ended && mark.count() < wanted) {
        throw process.died();
      }
    }
    return mark;
  }
}
