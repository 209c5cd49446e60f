package io.github.miniscan.bench.contestants;

import com.google.protobuf.Empty;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.ReceivedMessage;
import com.google.pubsub.v1.StreamingPullRequest;
import com.google.pubsub.v1.StreamingPullResponse;
import com.google.pubsub.v1.SubscriberGrpc;
import com.google.pubsub.v1.SubscriberGrpc.SubscriberStub;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.sqlite.WriteSettings;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The best loop that can be written by hand on the same client library and driver, without our
 * engine: messages are read in gRPC's threads, a bounded queue, and one thread that takes what has
 * arrived, sorts it, writes it in one transaction and then acks it. Batch size and pragmas are
 * those of {@code consume}.
 *
 * <p>It is the yardstick for speed alone. A message that it cannot read it acks and forgets; it
 * keeps no leases, tries nothing again and ends at the first failure.
 */
public final class HandLoop {

  private static final int MAX_BATCH = IngestOptions.defaults().maxBatch();

  private static final int MAX_ACK_IDS = 2_500;
  private static final int MAX_PULL = 1_000;

  /** Responses, of some hundreds of messages each. */
  private static final int QUEUED = 200;

  private static final int MAX_RESPONSE_BYTES = 20 << 20;

  private final RowReader reader = new RowReader();
  private final BlockingQueue<List<Row>> queue = new ArrayBlockingQueue<>(QUEUED);
  private final SubscriberStub subscriber;
  private final String subscription;

  private HandLoop(SubscriberStub subscriber, String subscription) {
    this.subscriber = subscriber;
    this.subscription = subscription;
  }

  /**
   * Runs until it is ended.
   *
   * @param args those of every contestant; then {@code stream} or {@code unary}, and how many of
   *     them at a time
   */
  public static void main(String[] args) throws SQLException, InterruptedException {
    Job job = Job.of(args);
    boolean unary = args[3].equals("unary");
    int parallel = Integer.parseInt(args[4]);
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget(job.endpoint())
            .usePlaintext()
            .maxInboundMessageSize(MAX_RESPONSE_BYTES)
            .build();
    HandLoop loop = new HandLoop(SubscriberGrpc.newStub(channel), job.subscription());
    try (RowTable table = RowTable.open(job.database(), WriteSettings.pragmas())) {
      for (int i = 0; i < parallel; i++) {
        if (unary) {
          loop.pull();
        } else {
          loop.stream();
        }
      }
      loop.write(table);
    }
  }

  private void pull() {
    PullRequest request =
        PullRequest.newBuilder().setSubscription(subscription).setMaxMessages(MAX_PULL).build();
    subscriber.pull(
        request,
        new Observer<PullResponse>() {
          @Override
          public void onNext(PullResponse response) {
            // Beside reading these messages the next ones are on their way.
            pull();
            accept(response.getReceivedMessagesList());
          }
        });
  }

  private void stream() {
    subscriber
        .streamingPull(
            new Observer<StreamingPullResponse>() {
              @Override
              public void onNext(StreamingPullResponse response) {
                accept(response.getReceivedMessagesList());
              }
            })
        .onNext(
            StreamingPullRequest.newBuilder()
                .setSubscription(subscription)
                .setStreamAckDeadlineSeconds(60)
                .build());
  }

  private void accept(List<ReceivedMessage> messages) {
    List<Row> rows = new ArrayList<>(messages.size());
    List<String> unreadable = new ArrayList<>(0);
    for (ReceivedMessage message : messages) {
      String ackId = message.getAckId();
      @Nullable Row row = reader.read(message.getMessage().getData().toByteArray(), ackId);
      if (row != null) {
        rows.add(row);
      } else {
        unreadable.add(ackId);
      }
    }
    if (!unreadable.isEmpty()) {
      acknowledge(unreadable);
    }
    if (!rows.isEmpty()) {
      try {
        // Waits while the queue is full: then gRPC asks for no more.
        queue.put(rows);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void write(RowTable table) throws InterruptedException, SQLException {
    List<Row> batch = new ArrayList<>(MAX_BATCH + MAX_PULL);
    List<String> ackIds = new ArrayList<>(MAX_BATCH + MAX_PULL);
    while (true) {
      @Nullable List<Row> rows = queue.take();
      while (rows != null) {
        batch.addAll(rows);
        rows = batch.size() < MAX_BATCH ? queue.poll() : null;
      }
      batch.sort(null);
      table.write(batch);
      for (Row row : batch) {
        ackIds.add(Objects.requireNonNull(row.ackId));
      }
      acknowledge(ackIds);
      batch.clear();
      ackIds.clear();
    }
  }

  private void acknowledge(List<String> ackIds) {
    for (int from = 0; from < ackIds.size(); from += MAX_ACK_IDS) {
      subscriber.acknowledge(
          AcknowledgeRequest.newBuilder()
              .setSubscription(subscription)
              .addAllAckIds(ackIds.subList(from, Math.min(ackIds.size(), from + MAX_ACK_IDS)))
              .build(),
          new Observer<Empty>() {
            @Override
            public void onNext(Empty response) {}
          });
    }
  }

  /** A yardstick that failed measures nothing: it ends. */
  private abstract static class Observer<T> implements StreamObserver<T> {
    @Override
    public void onError(Throwable failure) {
      System.err.println("hand loop: " + failure);
      Runtime.getRuntime().halt(1);
    }

    @Override
    public void onCompleted() {}
  }
}
