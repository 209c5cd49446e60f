package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.ReceivedMessage;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a pull, unary or streaming, written to the connection straight from the stored
 * bytes. Both answers have their messages in field 1, so one form serves both.
 */
final class Deliveries {
  /** Google answers with about 10 MB at most; a single message may be larger than what is left. */
  static final int MAX_BYTES = 10_000_000;

  static final int MAX_MESSAGES = 1_000;

  private static final int RECEIVED_MESSAGES = PullResponse.RECEIVED_MESSAGES_FIELD_NUMBER;

  private final ByteString suffix;
  private final List<byte[]> ackIds = new ArrayList<>();
  private final List<byte[]> messages = new ArrayList<>();
  private final List<Integer> attempts = new ArrayList<>();
  private int size;

  /**
   * An answer without messages yet.
   *
   * @param suffix encoded fields that follow the messages
   */
  Deliveries(ByteString suffix) {
    this.suffix = suffix;
    this.size = suffix.size();
  }

  /** Adds a message; with 0 attempts the answer does not say how many there were. */
  void add(byte[] ackId, StoredMessage message, int deliveryAttempt) {
    ackIds.add(ackId);
    messages.add(message.encoded());
    attempts.add(deliveryAttempt);
    int body = bodySize(ackId.length, message.size(), deliveryAttempt);
    size +=
        CodedOutputStream.computeTagSize(RECEIVED_MESSAGES)
            + CodedOutputStream.computeUInt32SizeNoTag(body)
            + body;
  }

  int count() {
    return messages.size();
  }

  /** The size of the encoded answer in bytes. */
  int size() {
    return size;
  }

  PullResponse toPullResponse() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(size);
    try {
      writeTo(bytes);
      return PullResponse.parseFrom(bytes.toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an answer of our own encoding cannot be read", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeTo(OutputStream target) throws IOException {
    CodedOutputStream output = CodedOutputStream.newInstance(target, 16_384);
    for (int i = 0; i < messages.size(); i++) {
      byte[] ackId = ackIds.get(i);
      byte[] message = messages.get(i);
      int deliveryAttempt = attempts.get(i);
      output.writeTag(RECEIVED_MESSAGES, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      output.writeUInt32NoTag(bodySize(ackId.length, message.length, deliveryAttempt));
      output.writeByteArray(ReceivedMessage.ACK_ID_FIELD_NUMBER, ackId);
      output.writeByteArray(ReceivedMessage.MESSAGE_FIELD_NUMBER, message);
      if (deliveryAttempt > 0) {
        output.writeInt32(ReceivedMessage.DELIVERY_ATTEMPT_FIELD_NUMBER, deliveryAttempt);
      }
    }
    output.writeRawBytes(suffix);
    output.flush();
  }

  private static int bodySize(int ackIdLength, int messageLength, int deliveryAttempt) {
    int size =
        CodedOutputStream.computeTagSize(ReceivedMessage.ACK_ID_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(ackIdLength)
            + ackIdLength
            + CodedOutputStream.computeTagSize(ReceivedMessage.MESSAGE_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(messageLength)
            + messageLength;
    return deliveryAttempt > 0
        ? size
            + CodedOutputStream.computeInt32Size(
                ReceivedMessage.DELIVERY_ATTEMPT_FIELD_NUMBER, deliveryAttempt)
        : size;
  }

  /** How gRPC sends the answer. A server never reads one. */
  static final class Marshaller implements MethodDescriptor.Marshaller<Deliveries> {
    @Override
    public InputStream stream(Deliveries value) {
      return new Body(value);
    }

    @Override
    public Deliveries parse(InputStream stream) {
      throw new UnsupportedOperationException("the server only sends deliveries");
    }
  }

  /** gRPC asks for the length and then drains; reading byte by byte is the contract's fallback. */
  private static final class Body extends InputStream implements KnownLength, Drainable {
    private final Deliveries deliveries;
    private @Nullable InputStream encoded;
    private boolean drained;

    Body(Deliveries deliveries) {
      this.deliveries = deliveries;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      deliveries.writeTo(target);
      drained = true;
      return deliveries.size;
    }

    @Override
    public int available() throws IOException {
      if (drained) {
        return 0;
      }
      return encoded == null ? deliveries.size : encoded.available();
    }

    @Override
    public int read() throws IOException {
      return encoded().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return encoded().read(target, offset, length);
    }

    private InputStream encoded() throws IOException {
      if (encoded == null) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(deliveries.size);
        deliveries.writeTo(bytes);
        encoded = new ByteArrayInputStream(bytes.toByteArray());
      }
      return encoded;
    }
  }
}
