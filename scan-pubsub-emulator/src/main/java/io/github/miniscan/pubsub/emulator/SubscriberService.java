package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.Empty;
import com.google.protobuf.util.Timestamps;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.DeleteSubscriptionRequest;
import com.google.pubsub.v1.GetSubscriptionRequest;
import com.google.pubsub.v1.ListSubscriptionsRequest;
import com.google.pubsub.v1.ListSubscriptionsResponse;
import com.google.pubsub.v1.ModifyAckDeadlineRequest;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.SeekRequest;
import com.google.pubsub.v1.SeekResponse;
import com.google.pubsub.v1.StreamingPullRequest;
import com.google.pubsub.v1.SubscriberGrpc;
import com.google.pubsub.v1.SubscriberGrpc.SubscriberImplBase;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.UpdateSubscriptionRequest;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code google.pubsub.v1.Subscriber}. Both pulls answer with {@link Deliveries} in place of the
 * generated responses, so that stored bytes are sent as they are. Snapshots and push are left
 * unimplemented.
 */
final class SubscriberService extends SubscriberImplBase {
  /** How much may wait in a connection: enough to keep it busy while the next answer is made. */
  private static final int READY_THRESHOLD_BYTES = 1 << 20;

  private static final long LONGEST_PULL_MILLIS = 20_000;
  private static final long ANSWER_AHEAD_MILLIS = 250;

  private final Broker broker;
  private final Gate gate;

  SubscriberService(Broker broker, Gate gate) {
    this.broker = broker;
    this.gate = gate;
  }

  /** The service to register with a server. */
  ServerServiceDefinition definition() {
    MethodDescriptor<PullRequest, ?> pull = SubscriberGrpc.getPullMethod();
    MethodDescriptor<StreamingPullRequest, ?> stream = SubscriberGrpc.getStreamingPullMethod();
    ServerServiceDefinition generated = bindService();
    ServerServiceDefinition.Builder ours =
        ServerServiceDefinition.builder(generated.getServiceDescriptor().getName());
    for (ServerMethodDefinition<?, ?> method : generated.getMethods()) {
      String name = method.getMethodDescriptor().getFullMethodName();
      if (name.equals(pull.getFullMethodName())) {
        ours.addMethod(answeringDeliveries(pull), ServerCalls.asyncUnaryCall(this::pullDeliveries));
      } else if (name.equals(stream.getFullMethodName())) {
        ours.addMethod(
            answeringDeliveries(stream),
            ServerCalls.asyncBidiStreamingCall(
                client -> new PullCall((ServerCallStreamObserver<Deliveries>) client)));
      } else {
        ours.addMethod(method);
      }
    }
    return ours.build();
  }

  private static <T> MethodDescriptor<T, Deliveries> answeringDeliveries(
      MethodDescriptor<T, ?> method) {
    return method.toBuilder(method.getRequestMarshaller(), new Deliveries.Marshaller()).build();
  }

  void pullDeliveries(PullRequest request, StreamObserver<Deliveries> client) {
    @Nullable Deadline deadline = Context.current().getDeadline();
    gate.admit(
        Rpc.PULL,
        client,
        answering -> {
          SubscriptionQueue queue = broker.subscription(request.getSubscription());
          if (request.getMaxMessages() <= 0) {
            throw Status.INVALID_ARGUMENT
                .withDescription("No max_messages specified")
                .asRuntimeException();
          }
          @SuppressWarnings("deprecation") // Discouraged to clients, and yet to be honoured here.
          boolean wait = !request.getReturnImmediately();
          queue.pull(answering, request.getMaxMessages(), wait ? pullWaitMillis(deadline) : 0);
        });
  }

  /** Less than the caller waits: what is sent later, it never sees, and it would be leased. */
  private static long pullWaitMillis(@Nullable Deadline deadline) {
    if (deadline == null) {
      return LONGEST_PULL_MILLIS;
    }
    long left = deadline.timeRemaining(TimeUnit.MILLISECONDS);
    return Math.min(LONGEST_PULL_MILLIS, left - Math.min(left / 4, ANSWER_AHEAD_MILLIS));
  }

  @Override
  public void acknowledge(AcknowledgeRequest request, StreamObserver<Empty> client) {
    gate.answer(
        Rpc.ACKNOWLEDGE,
        client,
        () -> {
          SubscriptionQueue queue = broker.subscription(request.getSubscription());
          Broker.checkAckIds(request.getAckIdsList());
          queue.acknowledge(request.getAckIdsList());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void modifyAckDeadline(ModifyAckDeadlineRequest request, StreamObserver<Empty> client) {
    gate.answer(
        Rpc.MODIFY_ACK_DEADLINE,
        client,
        () -> {
          SubscriptionQueue queue = broker.subscription(request.getSubscription());
          Broker.checkAckIds(request.getAckIdsList());
          Broker.checkAckDeadline(request.getAckDeadlineSeconds());
          for (String ackId : request.getAckIdsList()) {
            queue.modifyAckDeadline(ackId, request.getAckDeadlineSeconds());
          }
          queue.afterModifyAckDeadline();
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void createSubscription(Subscription wanted, StreamObserver<Subscription> client) {
    gate.answer(Rpc.CREATE_SUBSCRIPTION, client, () -> broker.createSubscription(wanted));
  }

  @Override
  public void getSubscription(GetSubscriptionRequest request, StreamObserver<Subscription> client) {
    gate.answer(
        Rpc.GET_SUBSCRIPTION,
        client,
        () -> broker.subscription(request.getSubscription()).config());
  }

  @Override
  public void updateSubscription(
      UpdateSubscriptionRequest request, StreamObserver<Subscription> client) {
    gate.answer(Rpc.UPDATE_SUBSCRIPTION, client, () -> broker.updateSubscription(request));
  }

  @Override
  public void listSubscriptions(
      ListSubscriptionsRequest request, StreamObserver<ListSubscriptionsResponse> client) {
    gate.answer(
        Rpc.LIST_SUBSCRIPTIONS,
        client,
        () ->
            broker.listSubscriptions(
                request.getProject(), request.getPageSize(), request.getPageToken()));
  }

  @Override
  public void deleteSubscription(DeleteSubscriptionRequest request, StreamObserver<Empty> client) {
    gate.answer(
        Rpc.DELETE_SUBSCRIPTION,
        client,
        () -> {
          broker.deleteSubscription(request.getSubscription());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void seek(SeekRequest request, StreamObserver<SeekResponse> client) {
    gate.answer(
        Rpc.SEEK,
        client,
        () -> {
          SubscriptionQueue queue = broker.subscription(request.getSubscription());
          if (!request.hasTime()) {
            throw Status.UNIMPLEMENTED
                .withDescription("this emulator seeks to a time only: it has no snapshots")
                .asRuntimeException();
          }
          if (!Timestamps.isValid(request.getTime())) {
            throw Status.INVALID_ARGUMENT
                .withDescription("time out of range (years 1 to 9999)")
                .asRuntimeException();
          }
          queue.seek(Timestamps.toMillis(request.getTime()));
          return SeekResponse.getDefaultInstance();
        });
  }

  /** One streaming pull from its opening to its end. gRPC calls it by one thread at a time. */
  private final class PullCall implements StreamObserver<StreamingPullRequest> {
    private final ServerCallStreamObserver<Deliveries> client;
    private volatile @Nullable SubscriptionQueue queue;
    private @Nullable PullStream stream;
    private boolean opening;
    private boolean halfClosed;

    PullCall(ServerCallStreamObserver<Deliveries> client) {
      this.client = client;
      client.setOnReadyThreshold(READY_THRESHOLD_BYTES);
      client.setOnReadyHandler(this::dispatch);
      client.setOnCancelHandler(this::abandon);
    }

    @Override
    public void onNext(StreamingPullRequest request) {
      try {
        if (opening) {
          goOn(request);
        } else {
          opening = true;
          gate.admit(Rpc.STREAMING_PULL, client, unused -> open(request));
        }
      } catch (StatusRuntimeException refusal) {
        end(refusal.getStatus());
      }
    }

    private synchronized void open(StreamingPullRequest request) {
      SubscriptionQueue found = broker.subscription(request.getSubscription());
      PullStream opened = new PullStream(request, client);
      if (client.isCancelled()) {
        return;
      }
      queue = found;
      stream = opened;
      apply(found, request);
      found.open(opened);
      if (halfClosed) {
        onCompleted();
      }
    }

    private synchronized void goOn(StreamingPullRequest request) {
      SubscriptionQueue open = queue;
      PullStream to = stream;
      if (open == null || to == null) {
        return;
      }
      if (!request.getSubscription().isEmpty()) {
        throw Status.INVALID_ARGUMENT
            .withDescription("subscription must be set in the first request of a stream only")
            .asRuntimeException();
      }
      if (request.getStreamAckDeadlineSeconds() != 0) {
        PullStream.checkAckDeadline(request.getStreamAckDeadlineSeconds());
        open.changeAckDeadline(to, request.getStreamAckDeadlineSeconds());
      }
      if (request.getAckIdsCount() == 0
          && request.getModifyDeadlineAckIdsCount() == 0
          && request.getStreamAckDeadlineSeconds() == 0) {
        to.answerPing();
      }
      apply(open, request);
    }

    private void apply(SubscriptionQueue to, StreamingPullRequest request) {
      List<Integer> seconds = request.getModifyDeadlineSecondsList();
      if (seconds.size() != request.getModifyDeadlineAckIdsCount()) {
        throw Status.INVALID_ARGUMENT
            .withDescription("modify_deadline_seconds and modify_deadline_ack_ids differ in length")
            .asRuntimeException();
      }
      seconds.forEach(Broker::checkAckDeadline);
      if (request.getAckIdsCount() > 0) {
        to.acknowledge(request.getAckIdsList());
      }
      if (!seconds.isEmpty()) {
        for (int i = 0; i < seconds.size(); i++) {
          to.modifyAckDeadline(request.getModifyDeadlineAckIds(i), seconds.get(i));
        }
        to.afterModifyAckDeadline();
      }
    }

    @Override
    public void onError(Throwable gone) {
      abandon();
    }

    @Override
    public synchronized void onCompleted() {
      PullStream open = leave();
      if (open != null) {
        open.complete();
      } else if (opening) {
        halfClosed = true;
      } else {
        client.onCompleted();
      }
    }

    private void dispatch() {
      SubscriptionQueue open = queue;
      if (open != null) {
        open.dispatch();
      }
    }

    private synchronized void abandon() {
      PullStream open = leave();
      if (open != null) {
        open.abandon();
      }
    }

    private synchronized void end(Status status) {
      PullStream open = leave();
      if (open != null) {
        open.fail(status);
      }
    }

    private @Nullable PullStream leave() {
      PullStream open = stream;
      SubscriptionQueue left = queue;
      if (open != null && left != null) {
        left.close(open);
      }
      return open;
    }
  }
}
