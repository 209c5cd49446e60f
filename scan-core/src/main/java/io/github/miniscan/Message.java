package io.github.miniscan;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A published message: payload, id, attributes and publish time, the same in every delivery.
 *
 * <p>The payload may be 10 MB, so it is copied neither in nor out. It must not be changed.
 */
public final class Message {

  private static final int UNKNOWN = -1;

  private final String id;
  private final byte[] payload;
  private final Map<String, String> attributes;
  private final long publishSecond;
  private final int publishNano;

  /**
   * Creates a message.
   *
   * @param id the queue's id of the message, which may be empty and is unique only within one life
   *     of a queue
   * @param payload the bytes that were published
   * @param attributes what was published beside the payload
   * @param publishTime when the queue took it, the same for each redelivery; null when unknown
   */
  public Message(
      String id, byte[] payload, Map<String, String> attributes, @Nullable Instant publishTime) {
    this.id = requireNonNull(id, "id");
    this.payload = requireNonNull(payload, "payload");
    this.attributes = Map.copyOf(attributes);
    this.publishSecond = publishTime == null ? 0 : publishTime.getEpochSecond();
    this.publishNano = publishTime == null ? UNKNOWN : publishTime.getNano();
  }

  /** Returns the queue's id of the message, which may be empty. */
  public String id() {
    return id;
  }

  /** Returns the payload itself, not a copy. */
  public byte[] payload() {
    return payload;
  }

  /** Returns the attributes; immutable. */
  public Map<String, String> attributes() {
    return attributes;
  }

  /** Returns the time at which the queue took the message; empty where it is unknown. */
  public Optional<Instant> publishTime() {
    return publishNano == UNKNOWN
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(publishSecond, publishNano));
  }

  /** For messages to people: the id and the size. */
  @Override
  public String toString() {
    return "message " + VisibleText.shortened(id) + " (" + payload.length + " bytes)";
  }
}
