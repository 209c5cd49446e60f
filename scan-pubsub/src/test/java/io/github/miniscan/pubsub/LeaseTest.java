package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseTest {

  private static final long NOW = -40;

  private final Lease lease = new Lease(List.of("a", "b", "c"), NOW, 100);

  @Test
  void isDueWhenHalfOfItIsOverAndLostWhenAllOfItIs() {
    assertThat(lease.isDue(NOW + 49)).isFalse();
    assertThat(lease.isDue(NOW + 50)).isTrue();
    assertThat(lease.isLost(NOW + 99)).isFalse();
    assertThat(lease.isLost(NOW + 100)).isTrue();
  }

  @Test
  void startsAgainWhenItIsRenewed() {
    lease.renewed(NOW + 60, 100);
    assertThat(lease.isDue(NOW + 109)).isFalse();
    assertThat(lease.isDue(NOW + 110)).isTrue();
    assertThat(lease.isLost(NOW + 159)).isFalse();
    assertThat(lease.isLost(NOW + 160)).isTrue();
  }

  @Test
  void canBeDueAtOnceAndLostAtOnce() {
    lease.renewAtOnce();
    assertThat(lease.isDue(NOW)).isTrue();
    assertThat(lease.isLost(NOW)).isFalse();
    lease.lose();
    assertThat(lease.isLost(NOW)).isTrue();
  }

  @Test
  void givesEachAckIdToWhoSettlesFirst() {
    assertThat(lease.settle(1)).isEqualTo("b");
    assertThat(lease.settle(1)).isNull();
    List<String> left = new ArrayList<>();
    lease.forEachUnsettled(left::add);
    assertThat(left).containsExactly("a", "c");
    assertThat(lease.isSettled()).isFalse();
    assertThat(lease.settle(0)).isEqualTo("a");
    assertThat(lease.settle(2)).isEqualTo("c");
    assertThat(lease.isSettled()).isTrue();
  }
}
