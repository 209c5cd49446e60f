package io.github.miniscan.proof.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzFileIT {

  @Test
  void aDamagedStoreIsRefusedInASentenceOrRead(@TempDir Path directory) throws Exception {
    Finding finding = ShortForm.of(new FuzzFile(), directory);

    assertThat(finding.figures())
        .containsEntry("damaged files", "300")
        .doesNotContainEntry("refused when read", "0")
        .doesNotContainEntry("read whole", "0");
  }
}
