package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.miniscan.ingest.SourceException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {

  private final Inbox inbox = new Inbox();

  @Test
  void throwsAnErrorOfAnotherThreadToWhoReceives() {
    inbox.fail(new OutOfMemoryError("in a callback"));
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> inbox.receive(1, Duration.ofMinutes(5)))
        .withMessage("in a callback");
  }

  @Test
  void throwsTheFirstFailureAgainAndAgain() {
    inbox.fail(new SourceException("gone"));
    inbox.fail(new SourceException("still gone"));
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> inbox.receive(1, Duration.ofMinutes(5)))
          .withMessage("gone");
    }
  }

  @Test
  void throwsWhatItDoesNotKnowAsAFailureOfTheSource() {
    inbox.fail(new IllegalStateException("a bug"));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> inbox.receive(1, Duration.ofMinutes(5)))
        .withMessageContaining("a bug");
  }
}
