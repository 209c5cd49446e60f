package io.github.miniscan.bench.contestants;

import com.google.api.gax.batching.FlowControlSettings;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.pubsub.v1.AckReplyConsumer;
import com.google.cloud.pubsub.v1.MessageReceiver;
import com.google.cloud.pubsub.v1.Subscriber;
import com.google.pubsub.v1.PubsubMessage;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What everyone writes: the high-level client, and for each message one autocommitted upsert under
 * a lock, then an ack. A message that it cannot read it acks and forgets.
 */
public final class Naive implements MessageReceiver {

  private static final long OPEN_MESSAGES = 60_000;
  private static final long OPEN_BYTES = 200_000_000;

  private final RowReader reader = new RowReader();
  private final RowTable table;

  private Naive(RowTable table) {
    this.table = table;
  }

  /**
   * Runs until it is ended.
   *
   * @param args those of every contestant; then {@code open} for a flow-control window that does
   *     not limit, or {@code default}
   */
  public static void main(String[] args) throws SQLException {
    Job job = Job.of(args);
    try (RowTable table = RowTable.open(job.database(), List.of())) {
      Subscriber.Builder builder =
          Subscriber.newBuilder(job.subscription(), new Naive(table))
              .setChannelProvider(
                  InstantiatingGrpcChannelProvider.newBuilder()
                      .setEndpoint(job.endpoint())
                      .setChannelConfigurator(channel -> channel.usePlaintext())
                      .build())
              .setCredentialsProvider(NoCredentialsProvider.create());
      if (args[3].equals("open")) {
        builder.setFlowControlSettings(
            FlowControlSettings.newBuilder()
                .setMaxOutstandingElementCount(OPEN_MESSAGES)
                .setMaxOutstandingRequestBytes(OPEN_BYTES)
                .build());
      }
      Subscriber subscriber = builder.build();
      subscriber.startAsync().awaitRunning();
      subscriber.awaitTerminated();
    }
  }

  @Override
  public void receiveMessage(PubsubMessage message, AckReplyConsumer reply) {
    @Nullable Row row = reader.read(message.getData().toByteArray(), null);
    try {
      if (row != null) {
        synchronized (table) {
          table.write(row);
        }
      }
      reply.ack();
    } catch (SQLException e) {
      System.err.println("naive: " + e.getMessage());
      reply.nack();
    }
  }
}
