package io.github.miniscan.proof.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskIT {

  @TempDir private Path directory;

  @Test
  void whatWasDurableIsThereWhereverTheProcessIsKilled() throws Exception {
    Finding finding = ShortForm.of(new CrashPoints(), directory);

    assertThat(finding.figures())
        .containsEntry("crash points", "8")
        .containsEntry("durable steps lost", "0");
  }

  @Test
  void whatWasDurableIsThereWheneverThePowerGoes() throws Exception {
    Finding finding = ShortForm.of(new PowerLoss(), directory);

    assertThat(finding.figures())
        .containsEntry("instants", "400")
        .containsEntry("durable steps lost", "0");
  }

  @Test
  void whatWasAckedIsThereWhateverFails() throws Exception {
    Finding finding = ShortForm.of(new IoFailures(), directory);

    assertThat(finding.figures())
        .containsEntry("acked and missing", "0")
        .containsEntry("acked while nothing could be committed", "0");
  }
}
