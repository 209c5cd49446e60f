package io.github.miniscan.proof.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileSizesIT {

  @Test
  void whatIsVeryLargeIsJudgedAndWhatIsNearlyEqualStaysApart(@TempDir Path directory)
      throws Exception {
    Finding finding = ShortForm.of(new HostileSizes(), directory);

    assertThat(finding.figures()).containsEntry("confused", "0");
  }
}
