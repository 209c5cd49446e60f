package io.github.miniscan.proof.fuzz;

import io.github.miniscan.VisibleText;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run of Jazzer, in a process of its own: it changes inputs, watches which branches of the
 * instrumented classes they take, and keeps those that take new ones.
 *
 * @param target what is called with each input
 * @param instrumented whose branches are watched, as globs of Jazzer's
 * @param longest how many bytes an input may have
 * @param classPath what comes before the class path of this process
 */
record Campaign(Class<?> target, String instrumented, int longest, List<Path> classPath) {

  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long SHORT = 200_000;
  private static final Pattern COVERAGE = Pattern.compile("cov: (\\d+) ft: \\d+ corp: (\\d+)");
  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in .*");
  private static final String FINDING = "== Java Exception: ";

  /**
   * What came of it.
   *
   * @param executions how many inputs were tried
   * @param branches how many edges of the instrumented classes they took
   * @param corpus how many inputs were kept because they took a new one
   * @param ends how many executions ended in which way
   */
  record Result(long executions, long branches, long corpus, Map<String, Long> ends) {}

  /**
   * Tries as many inputs as told.
   *
   * @param seeds to begin with
   * @throws BrokenPromiseException at the first finding
   */
  Result run(Effort effort, List<byte[]> seeds) throws IOException, InterruptedException {
    Path directory = effort.directory();
    Path corpus = Files.createDirectories(directory.resolve("corpus"));
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(corpus.resolve("seed-" + i), seeds.get(i));
    }
    Path dictionary = directory.resolve("dictionary");
    try (InputStream words = target.getResourceAsStream(target.getSimpleName() + ".dict")) {
      Files.write(dictionary, Objects.requireNonNull(words).readAllBytes());
    }
    Path tally = directory.resolve("tally");
    Process process =
        new ProcessBuilder(command(effort, corpus, dictionary, tally))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      Progress progress = new Progress(target.getSimpleName());
      try (BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line; (line = output.readLine()) != null; ) {
          progress.saw(line);
        }
      }
      int status = process.waitFor();
      if (status != 0 || progress.executions == 0) {
        throw new BrokenPromiseException(progress.failure(status));
      }
      return new Result(progress.executions, progress.branches, progress.corpus, Tally.read(tally));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private List<String> command(Effort effort, Path corpus, Path dictionary, Path tally) {
    List<String> paths = new ArrayList<>();
    classPath.forEach(path -> paths.add(path.toString()));
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
      paths.add(Path.of(path).toAbsolutePath().toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx768m",
        // A short run is over before the optimizing compiler has earned what it costs.
        effort.size() < SHORT ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation",
        "-XX:+UseSerialGC",
        "-XX:-OmitStackTraceInFastThrow",
        "-D" + Tally.FILE + "=" + tally,
        "-cp",
        String.join(File.pathSeparator, paths),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + target.getName(),
        "--instrumentation_includes=" + instrumented,
        "--custom_hook_includes=" + instrumented,
        "--reproducer_path=" + effort.directory(),
        "-runs=" + effort.size(),
        // 0 would be a seed of its own choice.
        "-seed=" + (1 + Math.floorMod(effort.seed(), (long) Integer.MAX_VALUE)),
        "-max_total_time=" + Math.max(1, Math.min(effort.limit().toSeconds(), 1_000_000)),
        "-max_len=" + longest,
        "-dict=" + dictionary,
        "-timeout=60",
        "-rss_limit_mb=0",
        corpus.toString());
  }

  /** What Jazzer says while it runs. */
  private static final class Progress {

    private static final int REMEMBERED = 40;

    private final String name;
    private final List<String> last = new ArrayList<>();
    private @Nullable String finding;
    private long executions;
    private long branches;
    private long corpus;
    private long toldAt = System.nanoTime();

    Progress(String name) {
      this.name = name;
    }

    void saw(String line) {
      if (last.size() == REMEMBERED) {
        last.remove(0);
      }
      last.add(line);
      if (finding == null && line.startsWith(FINDING)) {
        finding = line.substring(FINDING.length());
      }
      Matcher covered = COVERAGE.matcher(line);
      if (covered.find()) {
        branches = Long.parseLong(covered.group(1));
        corpus = Long.parseLong(covered.group(2));
      }
      Matcher done = DONE.matcher(line);
      if (done.matches()) {
        executions = Long.parseLong(done.group(1));
      }
      if (line.startsWith("#") && System.nanoTime() - toldAt >= PROGRESS_NANOS) {
        toldAt = System.nanoTime();
        System.err.println(name + ": " + line);
      }
    }

    String failure(int status) {
      return finding != null
          ? VisibleText.of(finding)
          : "the process that was fuzzed ended with status %d; its last words:%n%s"
              .formatted(status, String.join(System.lineSeparator(), last));
    }
  }
}
