package io.github.miniscan.bench.harness;

import java.nio.file.Path;
import java.util.List;

/**
 * How to measure.
 *
 * @param root the project's directory
 * @param directory where databases and logs go while they are needed, on the disk to be measured
 * @param rounds how often each contestant runs, in turn with the others
 * @param quick small sizes, which show that it works and nothing else
 * @param jdks the homes of the JDKs to measure start-up with
 */
public record HarnessOptions(
    Path root, Path directory, int rounds, boolean quick, List<Path> jdks) {

  /**
   * @throws IllegalArgumentException when there is less than one round
   */
  public HarnessOptions {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds out of range: " + rounds + " (1 or more)");
    }
    jdks = List.copyOf(jdks);
  }

  /** One of two sizes. */
  public int size(int whole, int quickly) {
    return quick ? quickly : whole;
  }

  Path cliJar() {
    return root.resolve("scan-cli/target/scan-cli.jar");
  }
}
