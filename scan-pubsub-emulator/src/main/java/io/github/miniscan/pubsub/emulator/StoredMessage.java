package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.pubsub.v1.PubsubMessage;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A published message in the form in which it is sent: encoded once when it arrives, and shared by
 * every subscription that has it, so that a backlog costs little more than its bytes.
 */
final class StoredMessage {
  private static final int PER_MESSAGE_BYTES = 64;

  private final byte[] encoded;
  private final long id;
  private final long publishMillis;
  private final String orderingKey;

  private StoredMessage(byte[] encoded, long id, long publishMillis, String orderingKey) {
    this.encoded = encoded;
    this.id = id;
    this.publishMillis = publishMillis;
    this.orderingKey = orderingKey;
  }

  /**
   * Encodes a message with the id and publish time that the server gives it; what the publisher
   * wrote into those two fields is ignored.
   *
   * @param publishTime the publish time, as an encoded Timestamp
   */
  static StoredMessage of(
      PubsubMessage published, long id, ByteString publishTime, long publishMillis) {
    PubsubMessage content =
        published.getMessageId().isEmpty() && !published.hasPublishTime()
            ? published
            : published.toBuilder().clearMessageId().clearPublishTime().build();
    String idText = Long.toString(id);
    byte[] encoded =
        new byte
            [content.getSerializedSize()
                + CodedOutputStream.computeStringSize(PubsubMessage.MESSAGE_ID_FIELD_NUMBER, idText)
                + CodedOutputStream.computeBytesSize(
                    PubsubMessage.PUBLISH_TIME_FIELD_NUMBER, publishTime)];
    CodedOutputStream output = CodedOutputStream.newInstance(encoded);
    try {
      content.writeTo(output);
      output.writeString(PubsubMessage.MESSAGE_ID_FIELD_NUMBER, idText);
      output.writeBytes(PubsubMessage.PUBLISH_TIME_FIELD_NUMBER, publishTime);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the computed size was too small", e);
    }
    return new StoredMessage(encoded, id, publishMillis, content.getOrderingKey());
  }

  /** The encoded PubsubMessage; not to be changed. */
  byte[] encoded() {
    return encoded;
  }

  PubsubMessage decode() {
    try {
      return PubsubMessage.parseFrom(encoded);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message of our own encoding cannot be read: " + id, e);
    }
  }

  long id() {
    return id;
  }

  long publishMillis() {
    return publishMillis;
  }

  /** The ordering key, empty where there is none. */
  String orderingKey() {
    return orderingKey;
  }

  /** The size that flow control counts: that of the encoded message. */
  int size() {
    return encoded.length;
  }

  /** About what the message takes of the heap. */
  long heapBytes() {
    return encoded.length + (long) PER_MESSAGE_BYTES;
  }
}
