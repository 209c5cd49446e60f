package io.github.miniscan.proof.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayProofIT {

  @Test
  void losesNoDeadLetterWhereverAReplayEnds(@TempDir Path directory) throws Exception {
    Finding finding = ShortForm.of(new ReplayProof(), directory);

    assertThat(finding.figures()).containsEntry("schedules", "1,000").containsEntry("lost", "0");
  }
}
