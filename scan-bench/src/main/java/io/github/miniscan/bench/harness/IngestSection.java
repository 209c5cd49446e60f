package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Contestant.Pace;
import io.github.miniscan.bench.report.Figures;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.Runs;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.traffic.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How fast messages that wait in a subscription are settled, end to end, in steady state: {@code
 * consume} beside what could be used instead.
 *
 * <p>In each round one server has all messages, in a subscription for each contestant. Those who do
 * one thing for each message get the first few of the same messages.
 */
final class IngestSection implements Section {

  private static final String CONSUME = "consume";
  private static final int WARM_UP = 200_000;

  /** So many that the JIT, which is busy for half a minute, is done for most of them. */
  private static final int COUNT = 4_800_000;

  private static final int KEYS = 200_000;
  private static final int SERVER_HEAP_GB = 10;

  /** Of so many messages a slow contestant gets one. */
  private static final int SLOWNESS = 96;

  private static final long SEED = 3;

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public List<String> tables() {
    return List.of("ingest");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    int count = options.size(COUNT, 60_000);
    int warmUp = options.size(WARM_UP, 20_000);
    int keys = options.size(KEYS, 20_000);
    List<Contestant> contestants = contestants(options);
    Map<String, Traffic> groups = new LinkedHashMap<>();
    groups.put("%,d keys".formatted(keys), new Traffic(SEED, count, keys, 0));
    groups.put("mostly new keys", new Traffic(SEED, count, count, 0));
    Runs runs = new Runs();
    for (Map.Entry<String, Traffic> group : groups.entrySet()) {
      IngestRound rounds = new IngestRound(options, group.getKey(), group.getValue(), warmUp);
      // What is slow, or somebody else's, shows what it is worth with one kind of traffic.
      List<Contestant> present = runs.groups().isEmpty() ? contestants : fast(options);
      for (int round = 1; round <= options.rounds(); round++) {
        rounds.run(round, Turns.of(present, round), runs);
      }
    }
    return new SectionReport(
        name(),
        Map.of(
            "messages", Integer.toString(count),
            "warm_up", Integer.toString(warmUp),
            "slow_contestants_get_one_in", Integer.toString(SLOWNESS),
            "seed", Long.toString(SEED)),
        Map.of(),
        runs.all(),
        List.of(table(runs, contestants)),
        goals(runs, contestants),
        List.of());
  }

  private static List<Contestant> fast(HarnessOptions options) {
    return List.of(
        Contestants.consume(options.cliJar()), Contestants.handLoop(), Contestants.ackOnly());
  }

  private static List<Contestant> contestants(HarnessOptions options) throws IOException {
    List<Contestant> contestants = new ArrayList<>(fast(options));
    contestants.add(Contestants.naive());
    contestants.add(Contestants.naiveByDefault());
    contestants.addAll(Peers.find(options.root()));
    contestants.removeIf(contestant -> contestant.pace() == Pace.NONE);
    return contestants;
  }

  private static Table table(Runs runs, List<Contestant> contestants) {
    Table.Builder table =
        Table.builder(
            "ingest",
            "traffic, contestant",
            "messages/s",
            "consume is faster by",
            "CPU µs/message",
            "highest RSS, MiB");
    for (String group : runs.groups()) {
      for (Contestant contestant : contestants) {
        String name = contestant.name();
        Collection<String> faults = runs.faults(group, name);
        if (isAbsent(runs, group, name)) {
          continue;
        }
        table.row(
            group + ", " + name + (faults.isEmpty() ? "" : " — not counted: " + faults),
            Figures.cell(runs.spread(group, name, SteadyRun.RATE)),
            Figures.cell(runs.ratio(group, CONSUME, name, SteadyRun.RATE)),
            Figures.cell(runs.spread(group, name, SteadyRun.CPU)),
            Figures.cell(runs.spread(group, name, SteadyRun.MEMORY)));
      }
    }
    return table.build();
  }

  private static boolean isAbsent(Runs runs, String group, String name) {
    return runs.spread(group, name, SteadyRun.RATE).isEmpty() && runs.faults(group, name).isEmpty();
  }

  private static List<Goal> goals(Runs runs, List<Contestant> contestants) {
    List<Goal> goals = new ArrayList<>();
    for (String group : runs.groups()) {
      for (Contestant contestant : contestants) {
        if (isAbsent(runs, group, contestant.name())) {
          continue;
        }
        contestant
            .goal()
            .ifPresent(
                limit ->
                    goals.add(
                        Goal.atLeast(
                            limit,
                            "`consume` against %s, %s".formatted(contestant.name(), group),
                            runs.ratio(group, CONSUME, contestant.name(), SteadyRun.RATE))));
      }
    }
    return goals;
  }

  /** The rounds of one kind of traffic. */
  private static final class IngestRound {

    private static final String ALL = "all-scans";
    private static final String FEW = "few-scans";

    /** The contestants take from the server in either way. */
    private static final List<PullMode> WARM_UPS = List.of(PullMode.UNARY, PullMode.STREAMING);

    private final HarnessOptions options;
    private final String group;
    private final Traffic all;
    private final Traffic few;
    private final int warmUp;
    private final Supplier<Oracle> oracleOfAll;
    private final Supplier<Oracle> oracleOfFew;

    IngestRound(HarnessOptions options, String group, Traffic traffic, int warmUp) {
      this.options = options;
      this.group = group;
      this.all = traffic;
      this.few = traffic.withCount(traffic.count() / SLOWNESS);
      this.warmUp = warmUp;
      this.oracleOfAll = new Once<>(all::oracle);
      this.oracleOfFew = new Once<>(few::oracle);
    }

    void run(int round, List<Contestant> contestants, Runs runs)
        throws IOException, InterruptedException {
      Path directory = options.directory();
      try (Server server = Server.start(options, SERVER_HEAP_GB, 0)) {
        server.topic(ALL);
        server.topic(FEW);
        for (PullMode pullMode : WARM_UPS) {
          server.subscription(nameOf(pullMode), ALL);
        }
        for (int i = 0; i < contestants.size(); i++) {
          server.subscription("scans-" + i, isFast(contestants.get(i)) ? ALL : FEW);
        }
        Publisher publisher = new Publisher(options);
        publisher.publish(server.endpoint(), FEW, few);
        publisher.publish(server.endpoint(), ALL, all);
        SteadyRun steady = new SteadyRun(server, directory);
        for (PullMode pullMode : WARM_UPS) {
          steady.warmUp(pullMode, nameOf(pullMode), all.count());
        }
        for (int i = 0; i < contestants.size(); i++) {
          Run run = measure(steady, contestants.get(i), round, "scans-" + i);
          Progress.say(run);
          runs.add(run);
        }
      }
    }

    private static String nameOf(PullMode pullMode) {
      return "warm-up-" + pullMode.name().toLowerCase(Locale.ROOT);
    }

    private Run measure(SteadyRun steady, Contestant contestant, int round, String subscription)
        throws IOException {
      return isFast(contestant)
          ? steady.measure(contestant, group, round, subscription, warmUp, all.count(), oracleOfAll)
          : steady.measure(
              contestant, group, round, subscription, warmUp / SLOWNESS, few.count(), oracleOfFew);
    }

    private static boolean isFast(Contestant contestant) {
      return contestant.pace() == Pace.FAST;
    }
  }
}
