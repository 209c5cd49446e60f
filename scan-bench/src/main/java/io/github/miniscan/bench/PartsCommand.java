package io.github.miniscan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the micro-benchmarks, with what each operation allocates. */
@Command(
    name = "parts",
    description = "Runs the micro-benchmarks.",
    mixinStandardHelpOptions = true)
final class PartsCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "PATTERN",
      arity = "0..*",
      description = "Regular expressions, one of which a benchmark's name has; all without one.")
  private List<String> patterns = List.of();

  @Option(names = "--brief", description = "Only shows that each runs: once, for an instant.")
  private boolean brief;

  @Option(
      names = "--result",
      paramLabel = "FILE",
      description = "Where the figures go, as JSON (default: ${DEFAULT-VALUE}).")
  private Path result = Path.of("scan-bench", "target", "results", "parts.json");

  @Override
  public Integer call() throws IOException, RunnerException {
    Files.createDirectories(result.toAbsolutePath().getParent());
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .result(result.toString())
            .resultFormat(ResultFormatType.JSON);
    patterns.forEach(options::include);
    if (brief) {
      options
          .forks(0)
          .warmupIterations(0)
          .measurementIterations(1)
          .measurementTime(TimeValue.milliseconds(10));
    }
    new Runner(options.build()).run();
    return 0;
  }
}
