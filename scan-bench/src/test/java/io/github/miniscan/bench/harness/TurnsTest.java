package io.github.miniscan.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final List<String> ABC = List.of("a", "b", "c");

  @Test
  void everyOtherRoundGoesBackwards() {
    assertThat(Turns.of(ABC, 1)).containsExactly("a", "b", "c");
    assertThat(Turns.of(ABC, 2)).containsExactly("c", "b", "a");
  }

  @Test
  void eachComesFirstInSomeRound() {
    Set<String> first = new HashSet<>();
    for (int round = 1; round <= 5; round++) {
      assertThat(Turns.of(ABC, round)).containsExactlyInAnyOrderElementsOf(ABC);
      first.add(Turns.of(ABC, round).get(0));
    }
    assertThat(first).containsExactlyInAnyOrderElementsOf(ABC);
  }
}
