package io.github.miniscan.proof;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A proof at the size that a build has time for, with a new seed that a failure tells. */
public final class ShortForm {

  private ShortForm() {}

  /** Runs it; {@code scan.seed} repeats a run. */
  public static Finding of(Proof proof, Path directory) throws Exception {
    return of(proof, proof.quickSize(), directory);
  }

  /** Runs it at another size. */
  public static Finding of(Proof proof, long size, Path directory) throws Exception {
    long seed = Long.getLong("scan.seed", ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
    String jar = requireNonNull(System.getProperty("scan.jar"), "the property scan.jar is not set");
    Path root = Path.of(jar).toAbsolutePath().normalize().getParent().getParent().getParent();
    try {
      return proof.run(new Effort(seed, size, Duration.ofMinutes(5), directory, root));
    } catch (UnavailableException e) {
      return abort("skipped: %s is left out: %s".formatted(proof.name(), e.getMessage()));
    } catch (BrokenPromiseException e) {
      throw new AssertionError("%s, seed %d: %s".formatted(proof.name(), seed, e.getMessage()), e);
    }
  }
}
