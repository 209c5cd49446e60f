package io.github.miniscan.testkit;

import java.util.Random;

/** Tests with random data that can be repeated: {@code -Dscan.seed=N}. */
final class Seeded {

  private Seeded() {}

  /** A test, or a part of one. */
  @FunctionalInterface
  interface Test {
    void run(Random random) throws Exception;
  }

  /** Runs a test; its failure names the seed, whether an assertion or the tested part failed. */
  static void run(Test test) {
    long seed = Long.getLong("scan.seed", System.nanoTime());
    try {
      test.run(new Random(seed));
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "with -Dscan.seed=" + seed + " (which repeats it): " + failure, failure);
    }
  }
}
