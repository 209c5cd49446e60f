package io.github.miniscan.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ProofsTest {

  private final StringWriter err = new StringWriter();
  private final CommandLine program = Proofs.commandLine().setErr(new PrintWriter(err));

  @Test
  void asksForAProofWhenNoneIsNamed() {
    assertThat(program.execute()).isEqualTo(2);

    assertThat(err.toString()).contains("no proof was named: one, or all");
  }

  @Test
  void saysWhichProofsThereAreWhenItDoesNotKnowOne() {
    assertThat(program.execute("luck")).isEqualTo(2);

    assertThat(err.toString()).contains("no such proof: luck (there are [");
  }

  @Test
  void takesTheSeedFromTheSystemPropertyWhereNoneIsGiven(@TempDir Path directory) {
    String before = System.setProperty("scan.seed", "7");
    try {
      assertThat(program.execute("replay", "--size=1", "--dir=" + directory)).isZero();
    } finally {
      if (before == null) {
        System.clearProperty("scan.seed");
      } else {
        System.setProperty("scan.seed", before);
      }
    }

    assertThat(err.toString()).contains("seed 7");
  }

  @Test
  void everyProofHasItsPlaceInTheDocument() throws Exception {
    ReliabilityFile document = new ReliabilityFile(Path.of("").toAbsolutePath().getParent());
    for (Proof proof : Proofs.all()) {
      document.check(proof.name());
    }
  }
}
