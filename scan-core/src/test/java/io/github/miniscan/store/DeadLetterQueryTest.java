package io.github.miniscan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeadLetterQueryTest {

  private static final DeadLetterQuery ALL = DeadLetterQuery.all();
  private static final Instant TIME = Instant.parse("2026-11-28T12:00:00Z");
  private static final DeadLetter LETTER =
      new DeadLetter(
          "abc",
          Reason.INVALID_IP,
          "detail",
          new Message("1", new byte[] {1}, Map.of(), TIME),
          TIME);

  @Test
  void matchesWhereEverythingThatIsGivenHolds() {
    assertThat(ALL.matches(LETTER)).isTrue();
    assertThat(ALL.withIds(Set.of("abc", "d")).matches(LETTER)).isTrue();
    assertThat(ALL.withIds(Set.of("ab")).matches(LETTER)).isFalse();
    assertThat(ALL.withIdPrefix("ab").matches(LETTER)).isTrue();
    assertThat(ALL.withIdPrefix("b").matches(LETTER)).isFalse();
    assertThat(ALL.withReasons(List.of(new Reason("INVALID_IP"))).matches(LETTER)).isTrue();
    assertThat(ALL.withReasons(List.of(Reason.INVALID_PORT)).matches(LETTER)).isFalse();
    assertThat(ALL.withIdPrefix("ab").withReasons(List.of(Reason.INVALID_PORT)).matches(LETTER))
        .isFalse();
  }

  @Test
  void matchesFromATimeAndBeforeATime() {
    assertThat(ALL.withReceivedSince(TIME).matches(LETTER)).isTrue();
    assertThat(ALL.withReceivedSince(TIME.plusNanos(1)).matches(LETTER)).isFalse();
    assertThat(ALL.withReceivedBefore(TIME).matches(LETTER)).isFalse();
    assertThat(ALL.withReceivedBefore(TIME.plusNanos(1)).matches(LETTER)).isTrue();
  }

  @Test
  void matchesNothingWhereAPartHasNoValue() {
    assertThat(ALL.withIds(List.of()).matches(LETTER)).isFalse();
    assertThat(ALL.withReasons(List.of()).matches(LETTER)).isFalse();
  }

  @Test
  void refusesInvalidAndMissingParts() {
    assertThat(ALL.withLimit(0).limit()).isZero();
    assertThatThrownBy(() -> ALL.withLimit(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit out of range: -1 (0 or more)");
    assertThatThrownBy(() -> ALL.withIds(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ALL.withIdPrefix(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ALL.withReasons(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ALL.withReceivedSince(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ALL.withReceivedBefore(null)).isInstanceOf(NullPointerException.class);
  }
}
