package io.github.miniscan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the micro-benchmarks, and tells beside the times what each operation allocates. */
@Command(
    name = "parts",
    description = "Runs the micro-benchmarks.",
    mixinStandardHelpOptions = true)
final class PartsCommand implements Callable<Integer> {

  /** What has far more to do in a large file, by the parameter that says how large. */
  private static final Map<String, String[]> FULL =
      Map.of(
          "recordsBefore", new String[] {"0", "1000000", "10000000"},
          "records", new String[] {"1000000", "10000000"});

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATTERN",
      arity = "0..*",
      description =
          "Regular expressions, one of which is found in a benchmark's name (default:"
              + " all benchmarks).")
  private List<String> patterns = List.of();

  @Option(names = "--brief", description = "Only show that each runs: once, for an instant.")
  private boolean brief;

  @Option(
      names = "--full",
      description =
          "In files of a million and of ten million records too: gigabytes, half an hour.")
  private boolean full;

  @Option(
      names = "-p",
      paramLabel = "NAME=VALUE[,VALUE]",
      description = "Values of a parameter, instead of its own.")
  private Map<String, String> parameters = Map.of();

  @Option(
      names = "--result",
      paramLabel = "FILE",
      defaultValue = "${sys:scan.bench.results:-target/results}/parts.json",
      description =
          "Where the figures go, as JSON (default: ${DEFAULT-VALUE}); nowhere with --brief.")
  private Path result = Path.of("parts.json");

  @Override
  public Integer call() throws IOException, RunnerException {
    ChainedOptionsBuilder options = new OptionsBuilder().shouldFailOnError(true);
    patterns.forEach(options::include);
    if (full) {
      FULL.forEach(options::param);
    }
    parameters.forEach((name, values) -> options.param(name, values.split(",")));
    if (brief) {
      makeBrief(options);
    } else {
      Files.createDirectories(result.toAbsolutePath().getParent());
      options
          .addProfiler(GCProfiler.class)
          .result(result.toString())
          .resultFormat(ResultFormatType.JSON);
    }
    int ran = new Runner(options.build()).run().size();
    spec.commandLine().getOut().println(ran + " benchmarks ran");
    return 0;
  }

  private static void makeBrief(ChainedOptionsBuilder options) {
    // Nothing is measured, so that another run does not matter.
    System.setProperty("jmh.ignoreLock", "true");
    options
        .forks(0)
        .warmupIterations(0)
        .measurementIterations(1)
        .measurementTime(TimeValue.milliseconds(1))
        .verbosity(VerboseMode.SILENT);
  }
}
