package io.github.miniscan.ingest;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import java.time.Instant;

/**
 * A delivery that could not become a record, before anything is kept of it: a service may redact or
 * encrypt what it keeps.
 *
 * @param message what was published
 * @param reason why it was rejected
 * @param detail the reason in a sentence, harmless to show
 * @param receivedAt when, by the engine's clock
 */
public record Rejection(Message message, Reason reason, String detail, Instant receivedAt) {

  /** The dead letter that keeps everything. */
  public DeadLetter toDeadLetter() {
    return DeadLetter.of(message, reason, detail, receivedAt);
  }
}
