package io.github.miniscan.proof.fuzz;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.process.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * A damaged store gives a sentence or the rows that it holds; never a crash or an endless read.
 *
 * <p>What is damaged how follows from the seed: SQLite is native code, of which a fuzzer that
 * watches Java would see nothing.
 */
public final class FuzzFile implements Proof {

  @Override
  public String name() {
    return "fuzz-file";
  }

  @Override
  public String description() {
    return "A damaged store is refused in a sentence, or read; it never crashes or goes in circles.";
  }

  @Override
  public String unit() {
    return "damaged files";
  }

  @Override
  public long quickSize() {
    return 300;
  }

  @Override
  public long fullSize() {
    return 30_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Path tally = effort.directory().resolve("tally");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + Tally.FILE + "=" + tally,
                "-cp",
                System.getProperty("java.class.path"),
                DamagedFiles.class.getName(),
                effort.directory().toString(),
                Long.toString(effort.seed()),
                "0",
                Long.toString(effort.size()),
                Long.toString(effort.limit().toSeconds()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long files = 0;
    String broken = null;
    Progress progress = new Progress(name());
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        if (line.startsWith(DamagedFiles.BEGUN)) {
          files = 1 + Long.parseLong(line.substring(DamagedFiles.BEGUN.length()));
          long begun = files;
          progress.tell(() -> "%,d of %,d files".formatted(begun, effort.size()));
        } else if (line.startsWith(DamagedFiles.BROKEN)) {
          broken = line.substring(DamagedFiles.BROKEN.length());
        }
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new BrokenPromiseException(
            "damaged file %d: %s"
                .formatted(
                    files - 1, broken == null ? "the JVM ended with status " + status : broken));
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return found(files, Tally.read(tally));
  }

  private Finding found(long files, Map<String, Long> ends) {
    Table.Builder outcomes = Table.builder(name() + "-outcomes", "outcome", "files");
    ends.forEach((end, count) -> outcomes.row(end, String.format(Locale.ROOT, "%,d", count)));
    return Finding.builder()
        .figure("damaged files", files)
        .figure("crashes", 0)
        .figure("endless reads", 0)
        .figure("failures without a sentence", 0)
        .figure("refused when read", ends.getOrDefault("read: refused", 0L))
        .figure("read whole", ends.getOrDefault("read: nothing missing", 0L))
        .figure(
            "read with other rows that only integrity_check sees",
            ends.getOrDefault("read: other rows, as integrity_check sees", 0L))
        .table(outcomes.build())
        .build();
  }
}
