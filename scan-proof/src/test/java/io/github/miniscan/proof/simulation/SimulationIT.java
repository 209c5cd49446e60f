package io.github.miniscan.proof.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationIT {

  @Test
  void keepsItsPromisesThroughAnyInterleaving(@TempDir Path directory) throws Exception {
    Finding finding = ShortForm.of(new SimulationProof(), directory);

    assertThat(finding.figures())
        .containsEntry("schedules", "10,000")
        .doesNotContainEntry("deliveries fetched ahead", "0")
        .doesNotContainEntry("tasks that an executor ran later", "0");
  }
}
