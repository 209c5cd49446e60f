package io.github.miniscan.proof.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One way to break the product, kept as a patch of its sources.
 *
 * <p>Above the patch stands what it breaks, and which proofs are to notice, the quickest first:
 *
 * <pre>
 * Breaks: at least once: acks before the batch is durable
 * Caught by: simulation
 * Caught by: kill
 * </pre>
 *
 * @param name that of the file, without its ending
 * @param breaks the promise, and how
 * @param proofs in the order in which they are tried
 * @param patch where it is
 * @param modules whose sources it changes
 */
record Mutant(String name, String breaks, List<String> proofs, Path patch, List<String> modules) {

  private static final String ENDING = ".patch";
  private static final Pattern BREAKS = Pattern.compile("(?m)^Breaks: (.+)$");
  private static final Pattern CAUGHT_BY = Pattern.compile("(?m)^Caught by: ([a-z-]+)$");
  private static final Pattern CHANGED =
      Pattern.compile("(?m)^\\+\\+\\+ b/(scan-[a-z-]+)/src/main/java/.+\\.java$");

  Mutant {
    proofs = List.copyOf(proofs);
    modules = List.copyOf(modules);
  }

  /** All that there are, by name. */
  static List<Mutant> all(Path root) throws IOException {
    Path directory = root.resolve("scan-proof/src/main/mutants");
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> patches =
          files.filter(file -> file.getFileName().toString().endsWith(ENDING)).sorted().toList();
      return read(patches);
    }
  }

  private static List<Mutant> read(List<Path> patches) throws IOException {
    Stream.Builder<Mutant> mutants = Stream.builder();
    for (Path patch : patches) {
      mutants.add(read(patch));
    }
    return mutants.build().toList();
  }

  private static Mutant read(Path patch) throws IOException {
    String file = patch.getFileName().toString();
    String text = Files.readString(patch);
    Matcher breaks = BREAKS.matcher(text);
    List<String> proofs = found(CAUGHT_BY, text);
    List<String> modules = found(CHANGED, text);
    if (!breaks.find() || proofs.isEmpty() || modules.isEmpty()) {
      throw new IOException(
          patch + " is no mutant: it must say \"Breaks:\" and \"Caught by:\", and change a source");
    }
    return new Mutant(
        file.substring(0, file.length() - ENDING.length()),
        breaks.group(1),
        proofs,
        patch,
        modules);
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).distinct().toList();
  }
}
