package io.github.miniscan.proof.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.Proofs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutantTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What must be noticed, at the least; where a rule is kept in Java and in SQL, in both. */
  private static final List<String> DEMANDED =
      List.of(
          "ack-before-commit",
          "ack-after-failed-commit",
          "failed-commit-ignored",
          "synchronous-normal",
          "equal-time-keeps-the-first",
          "equal-time-keeps-the-first-in-sql",
          "equal-time-takes-the-last",
          "equal-time-takes-the-last-in-sql",
          "tie-broken-by-string",
          "tie-broken-by-type-in-sql",
          "dead-letter-after-ack",
          "retry-without-dead-letters",
          "isolation-without-dead-letters",
          "connection-reused-after-failed-commit",
          "lease-not-extended",
          "stop-drops-the-batch",
          "acked-ahead",
          "fetched-ahead-not-handed-back",
          "verdict-to-the-wrong-delivery",
          "replay-removes-first",
          "future-by-the-local-clock",
          "dead-letter-by-message-id",
          "first-scanned-left-alone",
          "first-scanned-left-alone-in-sql",
          "dead-letters-in-a-second-transaction",
          "unsynced-commit-taken-over");

  @Test
  void thereIsOneForEveryMistakeThatMustBeNoticed() throws IOException {
    assertThat(Mutant.all(ROOT)).extracting(Mutant::name).containsAll(DEMANDED);
  }

  @Test
  void saysWhatItBreaksAndWhoIsToNotice() throws IOException {
    assertThat(Mutant.all(ROOT))
        .filteredOn(mutant -> mutant.name().equals("ack-before-commit"))
        .singleElement()
        .satisfies(
            mutant -> {
              assertThat(mutant.breaks())
                  .isEqualTo("at least once: acks before the batch is durable");
              assertThat(mutant.proofs()).containsExactly("simulation");
              assertThat(mutant.modules()).containsExactly("scan-core");
            });
  }

  @Test
  void isToBeNoticedByProofsThatThereAre() throws IOException {
    assertThat(Mutant.all(ROOT))
        .flatExtracting(Mutant::proofs)
        .isSubsetOf(Proofs.all().stream().map(Proof::name).toList());
  }

  @Test
  void allAreTriedInFull() throws IOException {
    MutantsProof proof = new MutantsProof();

    assertThat(proof.fullSize()).isEqualTo(Mutant.all(ROOT).size());
  }
}
