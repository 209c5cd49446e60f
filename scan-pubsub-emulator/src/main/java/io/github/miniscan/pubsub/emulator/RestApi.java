package io.github.miniscan.pubsub.emulator;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.DeleteSubscriptionRequest;
import com.google.pubsub.v1.DeleteTopicRequest;
import com.google.pubsub.v1.GetSubscriptionRequest;
import com.google.pubsub.v1.GetTopicRequest;
import com.google.pubsub.v1.ListSubscriptionsRequest;
import com.google.pubsub.v1.ListTopicSubscriptionsRequest;
import com.google.pubsub.v1.ListTopicsRequest;
import com.google.pubsub.v1.ModifyAckDeadlineRequest;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.SeekRequest;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.Topic;
import com.google.pubsub.v1.UpdateSubscriptionRequest;
import com.google.pubsub.v1.UpdateTopicRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.netty.handler.codec.http.QueryStringDecoder;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The REST form of the calls: each is turned into its gRPC request and answered by the same code.
 * JSON is that of protocol buffers.
 *
 * @see <a href="https://cloud.google.com/pubsub/docs/reference/rest">Pub/Sub's REST interface</a>
 */
final class RestApi {
  /** A request, with its body as text. */
  record Call(String method, String uri, @Nullable String authorization, String body) {}

  /** An answer, in JSON or in plain text. */
  record Answer(int httpStatus, String body, boolean json) {
    static final Answer NOT_FOUND = new Answer(404, "Not Found\n", false);

    static Answer refusal(Status status) {
      int code = httpStatusOf(status.getCode());
      String description = status.getDescription() == null ? "" : status.getDescription();
      return new Answer(
          code,
          "{\"error\":{\"code\":"
              + code
              + ",\"message\":"
              + quoted(description)
              + ",\"status\":\""
              + status.getCode()
              + "\"}}",
          true);
    }
  }

  /** What a request's path says, and its parts. */
  private record Target(Call call, Matcher path, QueryStringDecoder uri) {
    /** The name that is the path without version and verb. */
    String name() {
      return path.group("name");
    }

    String parameter(String name) {
      List<String> values = uri.parameters().get(name);
      return values == null ? "" : values.get(0);
    }

    int pageSize() {
      String size = parameter("pageSize");
      try {
        return size.isEmpty() ? 0 : Integer.parseInt(size);
      } catch (NumberFormatException e) {
        throw Status.INVALID_ARGUMENT
            .withDescription("pageSize is not a number: " + size)
            .asRuntimeException();
      }
    }

    <B extends Message.Builder> B body(B builder) {
      if (!call.body().isEmpty()) {
        try {
          JsonFormat.parser().merge(call.body(), builder);
        } catch (InvalidProtocolBufferException e) {
          throw Status.INVALID_ARGUMENT
              .withDescription("Payload isn't valid for request.")
              .asRuntimeException();
        }
      }
      return builder;
    }
  }

  @FunctionalInterface
  private interface Action {
    void run(Target target, Consumer<Answer> reply);
  }

  private record Route(String method, Pattern path, Action action) {}

  private static final String TOPIC = "(?<name>projects/[^/]+/topics/[^/:]+)";
  private static final String SUBSCRIPTION = "(?<name>projects/[^/]+/subscriptions/[^/:]+)";
  private static final String PROJECT = "(?<name>projects/[^/]+)";

  private final PublisherService publisher;
  private final SubscriberService subscriber;
  private final AccessCheck access;
  private final Executor executor;
  private final List<Route> routes =
      List.of(
          route("PUT", TOPIC, this::createTopic),
          route("PATCH", TOPIC, this::updateTopic),
          route("GET", TOPIC, this::getTopic),
          route("DELETE", TOPIC, this::deleteTopic),
          route("GET", PROJECT + "/topics", this::listTopics),
          route("GET", TOPIC + "/subscriptions", this::listTopicSubscriptions),
          route("POST", TOPIC + ":publish", this::publish),
          route("PUT", SUBSCRIPTION, this::createSubscription),
          route("PATCH", SUBSCRIPTION, this::updateSubscription),
          route("GET", SUBSCRIPTION, this::getSubscription),
          route("DELETE", SUBSCRIPTION, this::deleteSubscription),
          route("GET", PROJECT + "/subscriptions", this::listSubscriptions),
          route("POST", SUBSCRIPTION + ":pull", this::pull),
          route("POST", SUBSCRIPTION + ":acknowledge", this::acknowledge),
          route("POST", SUBSCRIPTION + ":modifyAckDeadline", this::modifyAckDeadline),
          route("POST", SUBSCRIPTION + ":seek", this::seek));

  RestApi(
      PublisherService publisher,
      SubscriberService subscriber,
      AccessCheck access,
      Executor executor) {
    this.publisher = publisher;
    this.subscriber = subscriber;
    this.access = access;
    this.executor = executor;
  }

  /** Answers a call, later and by another thread. */
  void answer(Call call, Consumer<Answer> reply) {
    executor.execute(
        () -> {
          try {
            route(call, reply);
          } catch (StatusRuntimeException refusal) {
            reply.accept(Answer.refusal(refusal.getStatus()));
          } catch (RuntimeException defect) {
            reply.accept(
                Answer.refusal(Status.INTERNAL.withDescription("cannot answer: " + defect)));
            throw defect;
          }
        });
  }

  private void route(Call call, Consumer<Answer> reply) {
    Status allowed = access.check(call.authorization());
    if (!allowed.isOk()) {
      reply.accept(Answer.refusal(allowed));
      return;
    }
    QueryStringDecoder uri = decoded(call.uri());
    for (Route route : routes) {
      Matcher path = route.path().matcher(uri.path());
      if (route.method().equals(call.method()) && path.matches()) {
        route.action().run(new Target(call, path, uri), reply);
        return;
      }
    }
    reply.accept(Answer.NOT_FOUND);
  }

  private static QueryStringDecoder decoded(String uri) {
    QueryStringDecoder decoder = new QueryStringDecoder(uri);
    try {
      // Decoded when first asked for: ask here, where a malformed escape can be refused.
      decoder.path();
      decoder.parameters();
      return decoder;
    } catch (IllegalArgumentException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription("Malformed URL: " + uri)
          .withCause(e)
          .asRuntimeException();
    }
  }

  private void createTopic(Target target, Consumer<Answer> reply) {
    Topic topic = target.body(Topic.newBuilder()).setName(target.name()).build();
    publisher.createTopic(topic, json(reply));
  }

  private void updateTopic(Target target, Consumer<Answer> reply) {
    UpdateTopicRequest.Builder request = target.body(UpdateTopicRequest.newBuilder());
    request.getTopicBuilder().setName(target.name());
    publisher.updateTopic(request.build(), json(reply));
  }

  private void getTopic(Target target, Consumer<Answer> reply) {
    publisher.getTopic(GetTopicRequest.newBuilder().setTopic(target.name()).build(), json(reply));
  }

  private void deleteTopic(Target target, Consumer<Answer> reply) {
    publisher.deleteTopic(
        DeleteTopicRequest.newBuilder().setTopic(target.name()).build(), json(reply));
  }

  private void listTopics(Target target, Consumer<Answer> reply) {
    publisher.listTopics(
        ListTopicsRequest.newBuilder()
            .setProject(target.name())
            .setPageSize(target.pageSize())
            .setPageToken(target.parameter("pageToken"))
            .build(),
        json(reply));
  }

  private void listTopicSubscriptions(Target target, Consumer<Answer> reply) {
    publisher.listTopicSubscriptions(
        ListTopicSubscriptionsRequest.newBuilder()
            .setTopic(target.name())
            .setPageSize(target.pageSize())
            .setPageToken(target.parameter("pageToken"))
            .build(),
        json(reply));
  }

  private void publish(Target target, Consumer<Answer> reply) {
    publisher.publish(
        target.body(PublishRequest.newBuilder()).setTopic(target.name()).build(), json(reply));
  }

  private void createSubscription(Target target, Consumer<Answer> reply) {
    Subscription wanted = target.body(Subscription.newBuilder()).setName(target.name()).build();
    subscriber.createSubscription(wanted, json(reply));
  }

  private void updateSubscription(Target target, Consumer<Answer> reply) {
    UpdateSubscriptionRequest.Builder request = target.body(UpdateSubscriptionRequest.newBuilder());
    request.getSubscriptionBuilder().setName(target.name());
    subscriber.updateSubscription(request.build(), json(reply));
  }

  private void getSubscription(Target target, Consumer<Answer> reply) {
    subscriber.getSubscription(
        GetSubscriptionRequest.newBuilder().setSubscription(target.name()).build(), json(reply));
  }

  private void deleteSubscription(Target target, Consumer<Answer> reply) {
    subscriber.deleteSubscription(
        DeleteSubscriptionRequest.newBuilder().setSubscription(target.name()).build(), json(reply));
  }

  private void listSubscriptions(Target target, Consumer<Answer> reply) {
    subscriber.listSubscriptions(
        ListSubscriptionsRequest.newBuilder()
            .setProject(target.name())
            .setPageSize(target.pageSize())
            .setPageToken(target.parameter("pageToken"))
            .build(),
        json(reply));
  }

  private void pull(Target target, Consumer<Answer> reply) {
    StreamObserver<Message> json = json(reply);
    subscriber.pullDeliveries(
        target.body(PullRequest.newBuilder()).setSubscription(target.name()).build(),
        new StreamObserver<>() {
          @Override
          public void onNext(Deliveries deliveries) {
            json.onNext(deliveries.toPullResponse());
          }

          @Override
          public void onError(Throwable error) {
            json.onError(error);
          }

          @Override
          public void onCompleted() {
            json.onCompleted();
          }
        });
  }

  private void acknowledge(Target target, Consumer<Answer> reply) {
    subscriber.acknowledge(
        target.body(AcknowledgeRequest.newBuilder()).setSubscription(target.name()).build(),
        json(reply));
  }

  private void modifyAckDeadline(Target target, Consumer<Answer> reply) {
    subscriber.modifyAckDeadline(
        target.body(ModifyAckDeadlineRequest.newBuilder()).setSubscription(target.name()).build(),
        json(reply));
  }

  private void seek(Target target, Consumer<Answer> reply) {
    subscriber.seek(
        target.body(SeekRequest.newBuilder()).setSubscription(target.name()).build(), json(reply));
  }

  private static Route route(String method, String path, Action action) {
    return new Route(method, Pattern.compile("/v1/" + path), action);
  }

  private static <T extends Message> StreamObserver<T> json(Consumer<Answer> reply) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T message) {
        reply.accept(new Answer(200, print(message) + "\n", true));
      }

      @Override
      public void onError(Throwable error) {
        reply.accept(Answer.refusal(Status.fromThrowable(error)));
      }

      @Override
      public void onCompleted() {}
    };
  }

  private static String print(MessageOrBuilder message) {
    try {
      return JsonFormat.printer().print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an answer of our own has no JSON form", e);
    }
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** As google.rpc.Code documents it. */
  private static int httpStatusOf(Status.Code code) {
    return switch (code) {
      case OK -> 200;
      case CANCELLED -> 499;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
