package io.github.miniscan.proof.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantsProofIT {

  @Test
  void everyPatchFitsAndOneThatIsTriedIsCaught(@TempDir Path directory) throws Exception {
    Finding finding = ShortForm.of(new MutantsProof(), directory);

    assertThat(finding.figures()).containsEntry("tried", "1").containsEntry("caught", "1");
  }
}
