package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Contestant.Pace;
import io.github.miniscan.bench.harness.FaultTrial.Finding;
import io.github.miniscan.bench.report.Run;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What contestants lose when they are killed, when the file is locked, and when messages are
 * malformed. Nothing here is a measure of speed, and one round is enough.
 */
final class FaultsSection implements Section {

  private static final int COUNT = 40_000;
  private static final int COUNT_WITHOUT_PACE = 2_000;
  private static final int PATIENCE_SECONDS = 90;
  private static final int LOCKED_SECONDS = 25;
  private static final int MALFORMED_SECONDS = 30;

  @Override
  public String name() {
    return "faults";
  }

  @Override
  public List<String> tables() {
    return List.of("faults");
  }

  @Override
  public SectionReport run(HarnessOptions options) throws IOException, InterruptedException {
    List<Contestant> contestants = new ArrayList<>();
    contestants.add(Contestants.consume(options.cliJar()));
    contestants.add(Contestants.naive());
    contestants.addAll(Peers.find(options.root()));
    List<Run> runs = new ArrayList<>();
    Table.Builder table =
        Table.builder("faults", "contestant", "ordinary", "killed", "file locked", "1 % malformed");
    for (Contestant contestant : contestants) {
      int whole = contestant.pace() == Pace.NONE ? COUNT_WITHOUT_PACE : COUNT;
      int count = options.size(whole, COUNT_WITHOUT_PACE);
      try (FaultTrial trial = new FaultTrial(options, contestant, count, PATIENCE_SECONDS)) {
        Finding ordinary = noted(runs, "ordinary", contestant, trial.ordinary());
        Finding killed = noted(runs, "killed", contestant, trial.killed());
        Finding locked = noted(runs, "locked", contestant, trial.locked(LOCKED_SECONDS));
        Finding malformed =
            noted(runs, "malformed", contestant, trial.malformed(MALFORMED_SECONDS));
        table.row(
            contestant.name(), ordinary.words(), killed.words(), locked.words(), malformed.words());
      }
    }
    return new SectionReport(
        name(),
        Map.of(
            "messages", Integer.toString(options.size(COUNT, COUNT_WITHOUT_PACE)),
            "messages_without_pace", Integer.toString(COUNT_WITHOUT_PACE),
            "locked_seconds", Integer.toString(LOCKED_SECONDS),
            "malformed_seconds", Integer.toString(MALFORMED_SECONDS),
            "patience_seconds", Integer.toString(PATIENCE_SECONDS)),
        Map.of(),
        runs,
        List.of(table.build()),
        List.of(),
        List.of());
  }

  private static Finding noted(
      List<Run> runs, String group, Contestant contestant, Finding finding) {
    Progress.say("  %s, %s: %s".formatted(contestant.name(), group, finding.words()));
    runs.add(new Run(group, contestant.name(), 1, finding.figures(), ""));
    return finding;
  }
}
