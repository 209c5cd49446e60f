package io.github.miniscan.proof.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.ShortForm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short forms of what is fuzzed, each in a process of its own. */
class FuzzIT {

  @TempDir Path directory;

  @Test
  void theDecoderGivesTheVerdictOfAReference() throws Exception {
    Finding finding = ShortForm.of(new FuzzDecoder(), directory);

    assertThat(finding.figures())
        .containsEntry("executions", "20,000")
        .containsEntry("differences", "0")
        .doesNotContainEntry("records", "0");
  }

  @Test
  void theAddressParserTakesWhatAReferenceTakes() throws Exception {
    Finding finding = ShortForm.of(new FuzzAddress(), directory);

    assertThat(finding.figures())
        .containsEntry("executions", "30,000")
        .containsEntry("differences", "0")
        .doesNotContainEntry("IPv6 texts", "0");
  }

  @Test
  void nothingHarmfulReachesAPersonsEyes() throws Exception {
    Finding finding = ShortForm.of(new FuzzOutput(), directory);

    assertThat(finding.figures())
        .containsEntry("executions", "10,000")
        .containsEntry("control characters that got out", "0")
        .containsEntry("formulas", "0");
  }
}
