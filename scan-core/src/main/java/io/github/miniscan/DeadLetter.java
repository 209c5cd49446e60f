package io.github.miniscan;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A message that could not become a record, kept whole so that it can be looked at and replayed.
 *
 * @param id identifies the message: see {@link #idOf}
 * @param reason why it could not become a record
 * @param detail the reason in a sentence, harmless to show
 * @param message the message: its bytes, id, attributes and publish time
 * @param receivedAt when it was rejected, by the local clock
 */
public record DeadLetter(
    String id, Reason reason, String detail, Message message, Instant receivedAt) {

  private static final int ID_BYTES = 16;

  /** Creates a dead letter. */
  public DeadLetter {
    requireNonNull(id, "id");
    requireNonNull(reason, "reason");
    requireNonNull(detail, "detail");
    requireNonNull(message, "message");
    requireNonNull(receivedAt, "receivedAt");
  }

  /** The dead letter of a message, identified by {@link #idOf}. */
  public static DeadLetter of(Message message, Reason reason, String detail, Instant receivedAt) {
    return new DeadLetter(idOf(message), reason, detail, message, receivedAt);
  }

  /**
   * The first 32 hexadecimal digits of SHA-256 over message id (UTF-8), publish time (8 bytes of
   * seconds, 4 of nanoseconds; empty where there is none) and payload, each after its length as 4
   * bytes, all big-endian. A redelivery has the same id; two messages with equal bytes have two.
   */
  public static String idOf(Message message) {
    MessageDigest digest = sha256();
    update(digest, message.id().getBytes(StandardCharsets.UTF_8));
    update(digest, message.publishTime().map(DeadLetter::bytesOf).orElse(new byte[0]));
    update(digest, message.payload());
    return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
  }

  private static byte[] bytesOf(Instant time) {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
        .putLong(time.getEpochSecond())
        .putInt(time.getNano())
        .array();
  }

  private static void update(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
    digest.update(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
