package io.github.miniscan.ingest;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import java.time.Instant;

/**
 * A delivery that could not become a record, before anything is kept of it: a service may redact or
 * encrypt what it keeps.
 *
 * <p>A service that changes the message must keep the id of the original, {@link DeadLetter#idOf}:
 * otherwise each redelivery becomes another dead letter.
 */
public final class Rejection {

  private final Message message;
  private final Reason reason;
  private final String detail;
  private final Instant receivedAt;

  private Rejection(Message message, Reason reason, String detail, Instant receivedAt) {
    this.message = requireNonNull(message, "message");
    this.reason = requireNonNull(reason, "reason");
    this.detail = requireNonNull(detail, "detail");
    this.receivedAt = requireNonNull(receivedAt, "receivedAt");
  }

  /** Returns a rejection. */
  public static Rejection of(Message message, Reason reason, String detail, Instant receivedAt) {
    return new Rejection(message, reason, detail, receivedAt);
  }

  /** Returns the message as it was published. */
  public Message message() {
    return message;
  }

  /** Returns why it was rejected. */
  public Reason reason() {
    return reason;
  }

  /** Returns the reason in a sentence, harmless to show; it may quote the message. */
  public String detail() {
    return detail;
  }

  /** Returns when the message was rejected, by the engine's clock. */
  public Instant receivedAt() {
    return receivedAt;
  }

  /** Returns the dead letter that keeps everything. */
  public DeadLetter toDeadLetter() {
    return DeadLetter.of(message, reason, detail, receivedAt);
  }
}
