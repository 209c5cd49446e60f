package io.github.miniscan.proof.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts how each execution ended, so that a run that never got past the first check is seen for
 * what it is. The process that is fuzzed writes it down when it ends. For one thread.
 */
final class Tally {

  /** The system property that names the file. */
  static final String FILE = "scan.proof.tally";

  private final Map<String, Long> counts = new TreeMap<>();

  private Tally() {}

  /** A tally that is written down when this process ends. */
  static Tally ofThisProcess() {
    Tally tally = new Tally();
    String file = System.getProperty(FILE);
    if (file != null) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> tally.write(Path.of(file))));
    }
    return tally;
  }

  /** What a process has written down. */
  static Map<String, Long> read(Path file) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      int space = line.indexOf(' ');
      counts.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
    }
    return counts;
  }

  void count(String end) {
    counts.merge(end, 1L, Long::sum);
  }

  private void write(Path file) {
    List<String> lines = new ArrayList<>();
    counts.forEach((end, count) -> lines.add(count + " " + end));
    try {
      Files.writeString(file, lines.stream().collect(Collectors.joining("\n", "", "\n")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
