package io.github.miniscan.proof.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillProofIT {

  @Test
  void aConsumerThatIsKilledAtAnyInstantLosesNothing(@TempDir Path directory) throws Exception {
    Finding finding = ShortForm.of(new KillProof(), directory);

    assertThat(finding.figures()).containsEntry("kills", "8").containsEntry("lost", "0");
  }
}
