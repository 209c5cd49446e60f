package io.github.miniscan.proof.simulation;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.miniscan.proof.Effort;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationIT {

  @TempDir private Path directory;

  @Test
  void keepsItsPromisesThroughAnyInterleaving() {
    SimulationProof proof = new SimulationProof();
    long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);
    Effort effort =
        new Effort(seed, proof.quickSize(), Duration.ofMinutes(5), directory, Path.of(".."));

    assertThatCode(() -> proof.run(effort)).as("seed %d", seed).doesNotThrowAnyException();
  }
}
