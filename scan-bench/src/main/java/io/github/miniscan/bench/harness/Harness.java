package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.report.DataFile;
import io.github.miniscan.bench.report.Goal;
import io.github.miniscan.bench.report.SectionReport;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.bench.report.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs sections and writes down what they gave, each as soon as it is done: every run in {@code
 * docs/performance.json}, and tables in {@code docs/PERFORMANCE.md}.
 */
public final class Harness {

  private static final List<Section> SECTIONS =
      List.of(
          new StoreSection(),
          new IngestSection(),
          new GoogleSection(),
          new DecodeSection(),
          new LatencySection(),
          new MemorySection(),
          new LookupSection(),
          new StartupSection(),
          new FloodSection(),
          new PublishSection(),
          new FaultsSection());

  private static final String GOALS = "goals";

  private final HarnessOptions options;
  private final DataFile data;
  private final TableFile document;

  /** A harness for a project whose programs were built. */
  public Harness(HarnessOptions options) {
    this.options = options;
    this.data = new DataFile(options.root().resolve("docs/performance.json"));
    this.document = new TableFile(options.root().resolve("docs/PERFORMANCE.md"));
  }

  /** What can be run, in the order in which all are run. */
  public static List<String> sections() {
    return SECTIONS.stream().map(Section::name).toList();
  }

  /**
   * Runs sections. One that can not be run here is left out with a sentence on standard error.
   *
   * @param names of {@link #sections()}
   * @return whether all were run
   * @throws IOException when something can not be read or written
   * @throws HarnessException when the programs were not built
   * @throws IllegalArgumentException when there is no such section
   */
  public boolean run(List<String> names) throws IOException, InterruptedException {
    List<Section> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(section(name));
    }
    if (!Files.exists(options.cliJar())) {
      throw new HarnessException(
          options.cliJar() + " is missing: build it by mvn -DskipTests package");
    }
    Files.createDirectories(options.directory());
    for (Section section : chosen) {
      document.check(section.tables());
    }
    document.check(List.of(GOALS));
    boolean all = true;
    for (Section section : chosen) {
      all &= run(section);
    }
    return all;
  }

  private static Section section(String name) {
    return SECTIONS.stream()
        .filter(section -> section.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no such section: " + name + " (there are " + sections() + ")"));
  }

  private boolean run(Section section) throws IOException, InterruptedException {
    Progress.say(section.name());
    long start = System.nanoTime();
    SectionReport report;
    try {
      report = section.run(options);
    } catch (HarnessException e) {
      Progress.say(section.name() + " is left out: " + e.getMessage());
      return false;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    data.write(report, Machine.origin(options, took));
    List<Table> tables = new ArrayList<>(report.tables());
    tables.add(goals());
    document.write(tables);
    Progress.say(section.name() + " took " + took.toSeconds() + " seconds");
    return true;
  }

  /** All goals, of this run or of an earlier one. */
  private Table goals() throws IOException {
    Table.Builder table = Table.builder(GOALS, "what", "goal", "median", "from – to", "met");
    for (Section section : SECTIONS) {
      for (Goal goal : data.goals(section.name())) {
        table.row(
            goal.what(),
            goal.bound(),
            goal.median(),
            goal.range(),
            goal.isMet().map(met -> met ? "yes" : "**no**").orElse("not measured"));
      }
    }
    return table.build();
  }
}
