package io.github.miniscan.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program: runs proofs, prints a line for each, and records what was found. */
@Command(
    name = "scan-proof",
    description = {
      "Tries to break the promises of scan, and prints a line for each proof with the number of"
          + " tries. Where a promise breaks, the status is 1, and the last line is the command that"
          + " shows it again.",
      ""
    },
    mixinStandardHelpOptions = true)
public final class Proofs implements Callable<Integer> {

  static final String ALL = "all";

  /** Minutes, longer than any proof takes. */
  private static final int UNLIMITED = 600;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PROOF",
      arity = "0..*",
      description = "The proofs to run: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Catalogue.Names.class)
  private List<String> names = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "The seed of all random choices. Default: the system property scan.seed, or else a new"
              + " one, which is printed.")
  private @Nullable Long seed;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "The number of tries, in the unit of the proof. Default: its full size.")
  private @Nullable Long size;

  @Option(names = "--quick", description = "Uses the size that a build has time for.")
  private boolean quick;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Begins no further try after this time. Default: ${DEFAULT-VALUE}.")
  private int minutes = UNLIMITED;

  @Option(names = "--record", description = "Writes the figures to docs/RELIABILITY.md.")
  private boolean record;

  @Option(
      names = "--dir",
      paramLabel = "DIRECTORY",
      description = "The directory for temporary files. Default: ${DEFAULT-VALUE}.")
  private Path directory = Path.of(System.getProperty("scan.proof.dir", "scan-proof/target/proof"));

  @Option(
      names = "--root",
      paramLabel = "DIRECTORY",
      description = "The project. Default: ${DEFAULT-VALUE}.")
  private Path root = Path.of(System.getProperty("scan.proof.root", "."));

  private Proofs() {}

  /** Runs a command and exits with its status: 0 all held, 1 one did not, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Every proof that there is, in the order in which all are run. */
  public static List<Proof> all() {
    return Catalogue.PROOFS;
  }

  static CommandLine commandLine() {
    return new CommandLine(new Proofs());
  }

  @Override
  public Integer call() throws InterruptedException {
    if (names.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "no proof was named: one, or all");
    }
    List<Proof> proofs =
        names.contains(ALL) ? Catalogue.PROOFS : names.stream().map(this::proof).toList();
    boolean allHeld = true;
    for (Proof proof : proofs) {
      allHeld &= holds(proof);
    }
    return allHeld ? 0 : 1;
  }

  private Proof proof(String name) {
    return Catalogue.PROOFS.stream()
        .filter(proof -> proof.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "no such proof: "
                        + name
                        + " (there are "
                        + Catalogue.PROOFS.stream().map(Proof::name).toList()
                        + ")"));
  }

  private boolean holds(Proof proof) throws InterruptedException {
    long chosenSeed = seed != null ? seed : defaultSeed();
    long chosenSize = size != null ? size : quick ? proof.quickSize() : proof.fullSize();
    String command =
        "scan-proof/run %s --seed %d --size %d%s"
            .formatted(
                proof.name(),
                chosenSeed,
                chosenSize,
                minutes == UNLIMITED ? "" : " --minutes " + minutes);
    err("%s: %,d %s, seed %d".formatted(proof.name(), chosenSize, proof.unit(), chosenSeed));
    long began = System.nanoTime();
    try {
      if (record) {
        new ReliabilityFile(root).check(proof.name());
      }
      Path place = Files.createDirectories(directory.toAbsolutePath().normalize());
      Path temporary = Files.createTempDirectory(place, proof.name() + "-");
      Finding finding;
      try {
        finding =
            proof.run(
                new Effort(
                    chosenSeed,
                    chosenSize,
                    Duration.ofMinutes(minutes),
                    temporary,
                    root.toAbsolutePath().normalize()));
      } finally {
        remove(temporary);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      out(
          "%s: %s; seed %d, %d s"
              .formatted(proof.name(), finding.line(), chosenSeed, took.toSeconds()));
      if (record) {
        new ReliabilityFile(root).write(proof.name(), finding, command, took);
      }
      return true;
    } catch (BrokenPromiseException e) {
      out("%s: BROKEN: %s".formatted(proof.name(), Objects.toString(e.getMessage())));
      out("again: %s".formatted(command));
    } catch (UnavailableException e) {
      err("%s is left out: %s".formatted(proof.name(), Objects.toString(e.getMessage())));
    } catch (IOException | UncheckedIOException e) {
      err("%s could not be run: %s".formatted(proof.name(), e));
    }
    return false;
  }

  private static long defaultSeed() {
    return Long.getLong("scan.seed", new SecureRandom().nextInt(Integer.MAX_VALUE));
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void out(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private void err(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
