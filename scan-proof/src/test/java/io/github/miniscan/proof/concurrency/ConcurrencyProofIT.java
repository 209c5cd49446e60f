package io.github.miniscan.proof.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyProofIT {

  @Test
  void writersAndReadersOfOneFileLoseNothingAndSeeWholeBatches(@TempDir Path directory)
      throws Exception {
    Finding finding = ShortForm.of(new ConcurrencyProof(), directory);

    assertThat(finding.figures())
        .containsEntry("rounds", "2")
        .containsEntry("batches", "480")
        .containsEntry("half seen", "0");
  }
}
