package io.github.miniscan.pubsub.emulator;

import io.grpc.Status;
import java.nio.charset.StandardCharsets;

/**
 * The text form of an ack id: which queue gave it out, in which slot the lease is, and which
 * delivery it was, as hexadecimal digits of fixed length. Finding a lease by it needs no map.
 */
final class AckIds {
  static final int LENGTH = 32;

  private static final int QUEUE_DIGITS = 8;
  private static final int SLOT_DIGITS = 8;
  private static final int DELIVERY_DIGITS = 16;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private AckIds() {}

  /** Writes an ack id into {@link #LENGTH} bytes from the offset on. */
  static void write(int queue, int slot, long delivery, byte[] target, int offset) {
    hex(queue, QUEUE_DIGITS, target, offset);
    hex(slot, SLOT_DIGITS, target, offset + QUEUE_DIGITS);
    hex(delivery, DELIVERY_DIGITS, target, offset + QUEUE_DIGITS + SLOT_DIGITS);
  }

  static int queue(String ackId) {
    return (int) number(ackId, 0, QUEUE_DIGITS);
  }

  static int slot(String ackId) {
    return (int) number(ackId, QUEUE_DIGITS, SLOT_DIGITS);
  }

  static long delivery(String ackId) {
    return number(ackId, QUEUE_DIGITS + SLOT_DIGITS, DELIVERY_DIGITS);
  }

  private static void hex(long value, int digits, byte[] target, int offset) {
    for (int i = digits - 1; i >= 0; i--) {
      target[offset + i] = DIGITS[(int) (value & 15)];
      value >>>= 4;
    }
  }

  private static long number(String ackId, int offset, int digits) {
    if (ackId.length() != LENGTH) {
      throw malformed(ackId);
    }
    long value = 0;
    for (int i = offset; i < offset + digits; i++) {
      char c = ackId.charAt(i);
      int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (digit < 0) {
        throw malformed(ackId);
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static RuntimeException malformed(String ackId) {
    return Status.INVALID_ARGUMENT
        .withDescription("Invalid ack id (ack_id=" + ackId + ")")
        .asRuntimeException();
  }
}
