package io.github.miniscan.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.broker.BrokerProof;
import io.github.miniscan.proof.kill.KillProof;
import io.github.miniscan.proof.process.Together;
import io.github.miniscan.proof.soak.SoakProof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short forms of the proofs that wait for most of their time, so they do it side by side. */
class QueueFaultsIT {

  @Test
  void nothingIsLostWhenTheConsumerIsKilledOrItsQueueMisbehaves(@TempDir Path directory)
      throws Exception {
    List<Callable<Finding>> proofs =
        Stream.of(new KillProof(), new BrokerProof(), new SoakProof())
            .<Callable<Finding>>map(
                proof -> () -> ShortForm.of(proof, Files.createTempDirectory(directory, "proof-")))
            .toList();

    assertThat(Together.run(proofs))
        .allSatisfy(
            finding ->
                assertThat(finding.figures())
                    .containsEntry("lost", "0")
                    .containsEntry("regressed", "0"));
  }
}
