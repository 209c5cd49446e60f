package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PullPaceTest {

  private static final Duration QUICK = Duration.ofMillis(20);

  private final PullPace pace = new PullPace(8_000);

  @Test
  void growsToItsHighestLimitWhileResponsesAreQuickAndFull() {
    for (int round = 0; round < 100; round++) {
      int asked = Math.min(1_000, pace.limit());
      pace.learn(asked, asked, 1, QUICK);
    }
    assertThat(pace.limit()).isEqualTo(8_000);
  }

  @Test
  void doesNotGrowWhileResponsesBringLessThanTheyMay() {
    int before = pace.limit();
    pace.learn(before, 1, 1, QUICK);
    assertThat(pace.limit()).isEqualTo(before);
  }

  @Test
  void shrinksToWhatArrivesInASecond() {
    pace.learn(100, 60, 4, Duration.ofSeconds(8));
    assertThat(pace.limit()).isEqualTo(30);
  }

  @Test
  void alwaysLeavesOneMessage() {
    pace.learn(100, 1, 1, Duration.ofMinutes(5));
    assertThat(pace.limit()).isEqualTo(1);
  }

  @Test
  void growsAgainWhenTheLinkIsQuickAgain() {
    pace.learn(100, 1, 1, Duration.ofMinutes(5));
    pace.learn(1, 1, 1, QUICK);
    assertThat(pace.limit()).isEqualTo(2);
  }
}
