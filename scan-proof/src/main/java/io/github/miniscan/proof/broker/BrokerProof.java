package io.github.miniscan.proof.broker;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.process.Progress;
import io.github.miniscan.proof.process.Times;
import io.github.miniscan.proof.process.Together;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.testkit.google.GoogleEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/** Every fault of queue and network side by side, round after round, by both ways of pulling. */
public final class BrokerProof implements Proof {

  private static final List<PullMode> MODES = List.of(PullMode.STREAMING, PullMode.UNARY);

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public String description() {
    return "A queue or a network that misbehaves costs time, and nothing else.";
  }

  @Override
  public String unit() {
    return "rounds";
  }

  @Override
  public long quickSize() {
    return 1;
  }

  @Override
  public long fullSize() {
    return 20;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    boolean google = GoogleEmulator.isInstalled();
    if (!google) {
      System.err.println(name() + ": left out: " + GoogleTrial.WORDS);
      System.err.println(GoogleEmulator.NOT_INSTALLED);
    }
    Effort.Deadline deadline = effort.start();
    Progress progress = new Progress(name());
    Random seeds = new Random(effort.seed());
    Map<String, List<Fault.Outcome>> found = new LinkedHashMap<>();
    long rounds = 0;
    while (rounds < effort.size() && !deadline.isOver()) {
      // The short times first: a build has time for those alone.
      Pace pace = rounds % 2 == 0 ? Pace.HASTY : Pace.REAL;
      Path directory = Files.createTempDirectory(effort.directory(), "round-");
      int turn = (int) (rounds / 2);
      for (Fault.Outcome outcome : Together.run(trials(turn, pace, seeds, directory, google))) {
        found.computeIfAbsent(outcome.words(), words -> new ArrayList<>()).add(outcome);
      }
      rounds++;
      long done = rounds;
      progress.tell(() -> "%d rounds".formatted(done));
    }
    return finding(rounds, found);
  }

  /** Each fault once, by one way of pulling, and by the other the next time. */
  private static List<Callable<Fault.Outcome>> trials(
      int turn, Pace pace, Random seeds, Path directory, boolean google) {
    List<Callable<Fault.Outcome>> trials = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      long seed = seeds.nextInt(Integer.MAX_VALUE);
      PullMode wanted = mode(turn + fault.ordinal());
      PullMode mode = fault.concerns(wanted) ? wanted : mode(turn + fault.ordinal() + 1);
      trials.add(
          () -> {
            try (Trial trial = new Trial(fault, mode, pace, seed, directory)) {
              return trial.run();
            }
          });
    }
    long seed = seeds.nextInt(Integer.MAX_VALUE);
    if (google) {
      trials.add(() -> new GoogleTrial(mode(turn), pace, seed, directory).run());
    }
    return trials;
  }

  private static PullMode mode(int turn) {
    return MODES.get(turn % MODES.size());
  }

  private static Finding finding(long rounds, Map<String, List<Fault.Outcome>> found) {
    Table.Builder faults =
        Table.builder(
            "broker-faults",
            "what happens",
            "times",
            "messages",
            "delivered again",
            "longest until the next ack",
            "lost",
            "regressed");
    long times = 0;
    long messages = 0;
    long redeliveries = 0;
    for (Map.Entry<String, List<Fault.Outcome>> kind : found.entrySet()) {
      List<Fault.Outcome> outcomes = kind.getValue();
      long ofKind = outcomes.stream().mapToLong(Fault.Outcome::messages).sum();
      long again = outcomes.stream().mapToLong(Fault.Outcome::redeliveries).sum();
      Duration longest =
          outcomes.stream()
              .map(Fault.Outcome::recovery)
              .max(Comparator.naturalOrder())
              .orElse(Duration.ZERO);
      faults.row(
          kind.getKey(),
          shown(outcomes.size()),
          shown(ofKind),
          shown(again),
          Times.shown(longest),
          "0",
          "0");
      times += outcomes.size();
      messages += ofKind;
      redeliveries += again;
    }
    return Finding.builder()
        .figure("rounds", rounds)
        .figure("kinds of fault", found.size())
        .figure("faults", times)
        .figure("messages", messages)
        .figure("redeliveries", redeliveries)
        .figure("lost", 0)
        .figure("regressed", 0)
        .table(faults.build())
        .build();
  }

  private static String shown(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
