package io.github.miniscan.bench;

import io.github.miniscan.bench.harness.Harness;
import io.github.miniscan.bench.harness.HarnessException;
import io.github.miniscan.bench.harness.HarnessOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The program: measures the whole, real processes beside what could be used instead, and writes
 * down what it finds.
 */
@Command(
    name = "bench",
    description = {
      "Measures scan beside what could be used instead, and writes docs/PERFORMANCE.md and"
          + " docs/performance.json.",
      ""
    },
    mixinStandardHelpOptions = true,
    subcommands = {PartsCommand.class})
public final class Bench implements Callable<Integer> {

  private static final String ALL = "all";
  private static final int ROUNDS = 5;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SECTION",
      arity = "0..*",
      description = "What to measure: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Sections.class)
  private List<String> sections = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each contestant runs. Default: 5, or 1 with --quick.")
  private @Nullable Integer rounds;

  @Option(names = "--quick", description = "Only shows that it works: small sizes.")
  private boolean quick;

  @Option(
      names = "--dir",
      paramLabel = "DIRECTORY",
      description = "Where temporary databases go. Default: ${DEFAULT-VALUE}.")
  private Path directory = Path.of(System.getProperty("scan.bench.dir", "scan-bench/target/bench"));

  @Option(
      names = "--jdk",
      paramLabel = "HOME",
      description = "A JDK to measure start-up with, several times for several. Default: this one.")
  private List<Path> jdks = List.of();

  @Option(
      names = "--root",
      paramLabel = "DIRECTORY",
      description = "The project. Default: ${DEFAULT-VALUE}.")
  private Path root = Path.of(System.getProperty("scan.bench.root", "."));

  private Bench() {}

  /** Runs a command and exits with its status: 0 done, 1 failed, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench());
  }

  /** The sections by name, and all of them. */
  static final class Sections implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      List<String> names = new ArrayList<>(Harness.sections());
      names.add(ALL);
      return names.iterator();
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (sections.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "nothing to measure was named: a section, or all");
    }
    Path project = root.toAbsolutePath().normalize();
    try {
      HarnessOptions options =
          new HarnessOptions(
              project,
              directory.toAbsolutePath().normalize(),
              rounds != null ? rounds : quick ? 1 : ROUNDS,
              quick,
              jdks.isEmpty() ? List.of(Path.of(System.getProperty("java.home"))) : jdks);
      return new Harness(options).run(sections.contains(ALL) ? Harness.sections() : sections)
          ? 0
          : 1;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    } catch (HarnessException | IOException e) {
      spec.commandLine().getErr().println("bench: " + e.getMessage());
      return 1;
    }
  }
}
