package io.github.miniscan.proof;

import io.github.miniscan.bench.report.Table;
import io.github.miniscan.bench.report.TableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The document that has the figures of the last recorded run of each proof. */
final class ReliabilityFile {

  private final TableFile document;

  ReliabilityFile(Path root) {
    document = new TableFile(root.resolve("docs/RELIABILITY.md"));
  }

  /** Makes sure that there is a place for a proof's figures, before it takes its time. */
  void check(String proof) throws IOException {
    document.check(List.of(proof));
  }

  /** Writes what a proof found in the place of what it found before. */
  void write(String proof, Finding finding, String command, Duration took) throws IOException {
    Table.Builder whole = Table.builder(proof, "what", "figure");
    finding.figures().forEach(whole::row);
    whole.row("took", "%d min %d s".formatted(took.toMinutes(), took.toSecondsPart()));
    whole.row("when", LocalDate.now(ZoneOffset.UTC).toString());
    whole.row("on", platform());
    whole.row("by", "`" + command + "`");
    List<Table> tables = new ArrayList<>(finding.tables());
    tables.add(whole.build());
    document.write(tables);
  }

  private static String platform() {
    return "JDK %s, %s %s, %d cores"
        .formatted(
            System.getProperty("java.version"),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors());
  }
}
