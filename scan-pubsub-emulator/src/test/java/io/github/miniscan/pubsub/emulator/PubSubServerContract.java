package io.github.miniscan.pubsub.emulator;

import static io.github.miniscan.pubsub.emulator.PubSubClient.message;
import static io.github.miniscan.pubsub.emulator.PubSubClient.opening;
import static io.github.miniscan.pubsub.emulator.PubSubClient.text;
import static io.github.miniscan.pubsub.emulator.PubSubClient.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Timestamps;
import com.google.pubsub.v1.DeadLetterPolicy;
import com.google.pubsub.v1.DeleteSubscriptionRequest;
import com.google.pubsub.v1.DeleteTopicRequest;
import com.google.pubsub.v1.GetSubscriptionRequest;
import com.google.pubsub.v1.GetTopicRequest;
import com.google.pubsub.v1.ListSubscriptionsRequest;
import com.google.pubsub.v1.ListSubscriptionsResponse;
import com.google.pubsub.v1.ListTopicSubscriptionsRequest;
import com.google.pubsub.v1.ListTopicsRequest;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.ReceivedMessage;
import com.google.pubsub.v1.RetryPolicy;
import com.google.pubsub.v1.SeekRequest;
import com.google.pubsub.v1.StreamingPullRequest;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.Topic;
import com.google.pubsub.v1.UpdateSubscriptionRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a Pub/Sub server does, as far as this project relies on it. */
abstract class PubSubServerContract {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private PubSubClient client;
  private String project;
  private String topic;
  private String subscription;

  /** Where the server listens. Tests use projects of their own, so that it may serve them all. */
  abstract String endpoint();

  /** Where the server is known to do otherwise. */
  abstract Set<Difference> differences();

  /** Lets the server's time go on by a little more than this. */
  abstract void letPass(Duration time);

  /** The server's time. */
  abstract Instant now();

  @BeforeEach
  void createTopicAndSubscription() {
    client = new PubSubClient(endpoint());
    project = "projects/contract-" + NAMES.incrementAndGet();
    topic = project + "/topics/scan-topic";
    subscription = project + "/subscriptions/scan-sub";
    client.createTopic(topic);
    client.createSubscription(subscription, topic);
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  private void assumeNot(Difference difference) {
    assumeThat(differences()).as("known difference: " + difference).doesNotContain(difference);
  }

  // Topics and subscriptions

  @Test
  void createsGetsListsAndDeletesTopics() {
    String other = project + "/topics/other-topic";
    Topic created =
        client
            .publisher()
            .createTopic(Topic.newBuilder().setName(other).putLabels("a", "b").build());

    assertThat(created.getName()).isEqualTo(other);
    assertThat(client.publisher().getTopic(GetTopicRequest.newBuilder().setTopic(other).build()))
        .isEqualTo(created);
    assertThat(topicNames()).containsExactlyInAnyOrder(topic, other);

    deleteTopic(other);

    assertThat(topicNames()).containsExactly(topic);
    assertRefused(Status.Code.NOT_FOUND, "Topic not found", () -> deleteTopic(other));
    assertRefused(
        Status.Code.NOT_FOUND,
        "Topic not found",
        () -> client.publisher().getTopic(GetTopicRequest.newBuilder().setTopic(other).build()));
  }

  @Test
  void createsGetsListsAndDeletesSubscriptions() {
    String other = project + "/subscriptions/other-sub";
    Subscription created = client.createSubscription(other, topic);

    assertThat(created.getTopic()).isEqualTo(topic);
    assertThat(created.getAckDeadlineSeconds()).isEqualTo(10);
    assertThat(created.getMessageRetentionDuration().getSeconds()).isEqualTo(604_800);
    assertThat(getSubscription(other)).isEqualTo(created);
    assertThat(subscriptionNames()).containsExactlyInAnyOrder(subscription, other);
    assertThat(
            client
                .publisher()
                .listTopicSubscriptions(
                    ListTopicSubscriptionsRequest.newBuilder().setTopic(topic).build())
                .getSubscriptionsList())
        .containsExactlyInAnyOrder(subscription, other);

    deleteSubscription(other);

    assertThat(subscriptionNames()).containsExactly(subscription);
    assertRefused(
        Status.Code.NOT_FOUND, "Subscription does not exist", () -> getSubscription(other));
    assertRefused(
        Status.Code.NOT_FOUND, "Subscription does not exist", () -> deleteSubscription(other));
    assertRefused(
        Status.Code.NOT_FOUND, "Subscription does not exist", () -> client.pullNow(other, 1));
  }

  @Test
  void refusesWhatIsThereAlready() {
    assertRefused(
        Status.Code.ALREADY_EXISTS, "Topic already exists", () -> client.createTopic(topic));
    assertRefused(
        Status.Code.ALREADY_EXISTS,
        "Subscription already exists",
        () -> client.createSubscription(subscription, topic));
  }

  @Test
  void refusesNamesThatAreNone() {
    for (String id : List.of("ab", "1abc", "googabc", "a b c", "a".repeat(256))) {
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          "Invalid [topics] name: (name=" + project + "/topics/" + id + ")",
          () -> client.createTopic(project + "/topics/" + id));
      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          "Invalid [subscriptions] name: (name=" + project + "/subscriptions/" + id + ")",
          () -> client.createSubscription(project + "/subscriptions/" + id, topic));
    }
    client.createTopic(project + "/topics/" + "a".repeat(255));
    client.createTopic(project + "/topics/A-b_c.d~e+f%25");
  }

  @Test
  void refusesASubscriptionToNoTopic() {
    assertRefused(
        Status.Code.NOT_FOUND,
        "Subscription topic does not exist",
        () ->
            client.createSubscription(
                project + "/subscriptions/other-sub", project + "/topics/nowhere"));
  }

  @Test
  void keepsTheSubscriptionOfADeletedTopicWithItsMessages() {
    client.publish(topic, "before");

    deleteTopic(topic);

    assertThat(getSubscription(subscription).getTopic()).isEqualTo("_deleted-topic_");
    assertThat(texts(client.pull(subscription, 10))).containsExactly("before");
    client.createTopic(topic);
    client.publish(topic, "to another topic of the same name");
    assertThat(client.pullNow(subscription, 10)).isEmpty();
  }

  @Test
  void updatesTheFieldsThatAreNamed() {
    Subscription updated =
        client
            .subscriber()
            .updateSubscription(
                UpdateSubscriptionRequest.newBuilder()
                    .setSubscription(
                        Subscription.newBuilder()
                            .setName(subscription)
                            .setAckDeadlineSeconds(77)
                            .putLabels("not", "named"))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("ack_deadline_seconds"))
                    .build());

    assertThat(updated.getAckDeadlineSeconds()).isEqualTo(77);
    assertThat(updated.getLabelsMap()).isEmpty();
    assertThat(getSubscription(subscription)).isEqualTo(updated);
  }

  @Test
  void listsInPages() {
    for (String id : List.of("sub-a", "sub-b", "sub-c")) {
      client.createSubscription(project + "/subscriptions/" + id, topic);
    }
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      ListSubscriptionsResponse page =
          client
              .subscriber()
              .listSubscriptions(
                  ListSubscriptionsRequest.newBuilder()
                      .setProject(project)
                      .setPageSize(3)
                      .setPageToken(token)
                      .build());
      assertThat(page.getSubscriptionsCount()).isLessThanOrEqualTo(3);
      page.getSubscriptionsList().forEach(listed -> names.add(listed.getName()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(names).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void keepsProjectsApart() {
    assertThat(
            client
                .publisher()
                .listTopics(ListTopicsRequest.newBuilder().setProject(project).build())
                .getTopicsList())
        .extracting(Topic::getName)
        .containsExactly(topic);
  }

  // Publishing

  @Test
  void deliversWhatWasPublished() {
    PubsubMessage published =
        PubsubMessage.newBuilder()
            .setData(ByteString.copyFrom(new byte[] {0, -1, 10, 13}))
            .putAttributes("key", "välue")
            .setOrderingKey("order")
            .build();
    Instant before = now();
    List<String> ids = client.publish(topic, List.of(published));

    PubsubMessage received = client.pull(subscription, 10).get(0).getMessage();

    assertThat(received.getData()).isEqualTo(published.getData());
    assertThat(received.getAttributesMap()).isEqualTo(Map.of("key", "välue"));
    assertThat(received.getOrderingKey()).isEqualTo("order");
    assertThat(ids).containsExactly(received.getMessageId());
    assertThat(Timestamps.toMillis(received.getPublishTime()))
        .isBetween(before.toEpochMilli(), now().toEpochMilli());
  }

  @Test
  void givesEveryMessageAnIdOfItsOwnInIncreasingOrder() {
    List<String> ids = new ArrayList<>(client.publish(topic, "a", "b", "c"));
    ids.addAll(client.publish(topic, "d"));

    List<Long> numbers = ids.stream().map(Long::parseLong).toList();

    assertThat(numbers).hasSize(4).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void ignoresTheIdAndTimeThatThePublisherWrote() {
    List<String> ids =
        client.publish(
            topic,
            List.of(
                message("a").toBuilder()
                    .setMessageId("mine")
                    .setPublishTime(Timestamps.fromMillis(1))
                    .build()));

    PubsubMessage received = client.pull(subscription, 1).get(0).getMessage();

    assertThat(received.getMessageId()).isEqualTo(ids.get(0)).isNotEqualTo("mine");
    assertThat(Timestamps.toMillis(received.getPublishTime())).isGreaterThan(1);
  }

  @Test
  void refusesToPublishNothing() {
    assertRefused(
        Status.Code.INVALID_ARGUMENT, "No messages to publish", () -> client.publish(topic));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "Some messages are empty",
        () -> client.publish(topic, List.of(message("a"), PubsubMessage.getDefaultInstance())));
    assertThat(client.pullNow(subscription, 10)).isEmpty();
  }

  @Test
  void takesAMessageOfAttributesAlone() {
    client.publish(topic, List.of(PubsubMessage.newBuilder().putAttributes("a", "b").build()));

    assertThat(client.pull(subscription, 1).get(0).getMessage().getAttributesMap())
        .isEqualTo(Map.of("a", "b"));
  }

  @Test
  void refusesMoreThanAThousandMessagesInARequest() {
    assertThatThrownBy(() -> client.publish(topic, Collections.nCopies(1_001, message("a"))))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("INVALID_ARGUMENT");
    assertThat(client.publish(topic, Collections.nCopies(1_000, message("a")))).hasSize(1_000);
  }

  @Test
  void refusesToPublishToNoTopic() {
    assertRefused(
        Status.Code.NOT_FOUND,
        "Topic not found",
        () -> client.publish(project + "/topics/nowhere", "a"));
  }

  @Test
  void givesEachSubscriptionWhatIsPublishedAfterItBegan() {
    client.publish(topic, "early");
    String later = project + "/subscriptions/later-sub";
    client.createSubscription(later, topic);
    client.publish(topic, "late");

    assertThat(texts(client.pullAll(subscription, 2))).containsExactlyInAnyOrder("early", "late");
    assertThat(texts(client.pull(later, 10))).containsExactly("late");
    assertThat(client.pullNow(later, 10)).isEmpty();
  }

  // Unary pull

  @Test
  void pullsNoMoreThanAskedFor() {
    client.publish(topic, "a", "b", "c");

    List<ReceivedMessage> first = client.pull(subscription, 2);

    assertThat(first).hasSizeBetween(1, 2);
    assertThat(texts(client.pullAll(subscription, 3 - first.size())))
        .doesNotContainAnyElementsOf(texts(first));
    assertThat(client.pullNow(subscription, 10)).isEmpty();
  }

  @Test
  void refusesToPullNothing() {
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "No max_messages specified",
        () -> client.pullNow(subscription, 0));
  }

  @Test
  void aPullWaitsForAMessage() {
    CompletableFuture<List<ReceivedMessage>> pulled =
        CompletableFuture.supplyAsync(() -> client.pull(subscription, 10));

    client.publish(topic, "at last");

    assertThat(texts(pulled.join())).containsExactly("at last");
  }

  @Test
  void anAckedMessageDoesNotComeAgain() {
    client.publish(topic, "acked", "kept");
    List<ReceivedMessage> received = client.pullAll(subscription, 2);
    client.modifyAckDeadline(subscription, received, 1);
    client.acknowledge(
        subscription, received.stream().filter(message -> text(message).equals("acked")).toList());

    letPass(Duration.ofSeconds(1));

    assertThat(texts(client.pull(subscription, 10))).containsExactly("kept");
    assertThat(client.pullNow(subscription, 10)).isEmpty();
  }

  @Test
  void deliversAgainAtTheDeadlineAndNotBefore() {
    client.publish(topic, "again");
    List<ReceivedMessage> first = client.pull(subscription, 1);
    client.modifyAckDeadline(subscription, first, 1);
    assertThat(client.pullNow(subscription, 1)).isEmpty();

    letPass(Duration.ofSeconds(1));

    List<ReceivedMessage> second = client.pull(subscription, 1);
    assertThat(second.get(0).getMessage()).isEqualTo(first.get(0).getMessage());
    assertThat(second.get(0).getAckId()).isNotEqualTo(first.get(0).getAckId());
  }

  @Test
  void anAckFromBeforeTheRedeliveryDoesNotSettleIt() {
    client.publish(topic, "again");
    List<ReceivedMessage> first = client.pull(subscription, 1);
    client.modifyAckDeadline(subscription, first, 0);
    List<ReceivedMessage> second = client.pull(subscription, 1);

    client.acknowledge(subscription, first);
    client.modifyAckDeadline(subscription, second, 0);

    assertThat(texts(client.pull(subscription, 1))).containsExactly("again");
  }

  @Test
  void aDeadlineOfZeroDeliversAgainAtOnce() {
    client.publish(topic, "again");
    List<ReceivedMessage> first = client.pull(subscription, 1);
    assertThat(client.pullNow(subscription, 1)).isEmpty();

    client.modifyAckDeadline(subscription, first, 0);

    assertThat(texts(client.pull(subscription, 1))).containsExactly("again");
  }

  @Test
  void anExtendedLeaseIsNotDeliveredAgain() {
    client.publish(topic, "extended", "let go");
    List<ReceivedMessage> received = client.pullAll(subscription, 2);
    client.modifyAckDeadline(subscription, received, 1);
    client.modifyAckDeadline(
        subscription,
        received.stream().filter(message -> text(message).equals("extended")).toList(),
        60);

    letPass(Duration.ofSeconds(1));

    assertThat(texts(client.pull(subscription, 10))).containsExactly("let go");
    assertThat(client.pullNow(subscription, 10)).isEmpty();
  }

  @Test
  void theSecondAckOfADeliveryIsNoError() {
    client.publish(topic, "once");
    List<ReceivedMessage> received = client.pull(subscription, 1);
    client.acknowledge(subscription, received);

    client.acknowledge(subscription, received);
    client.modifyAckDeadline(subscription, received, 0);

    assertThat(client.pullNow(subscription, 1)).isEmpty();
  }

  @Test
  void refusesAckIdsThatAreNone() {
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "Invalid ack id (ack_id=bogus)",
        () -> client.acknowledgeIds(subscription, List.of("bogus")));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "No ack ids specified.",
        () -> client.acknowledgeIds(subscription, List.of()));
  }

  @Test
  void refusesADeadlineOutOfRange() {
    assumeNot(Difference.ANY_ACK_DEADLINE);
    client.publish(topic, "a");
    List<ReceivedMessage> received = client.pull(subscription, 1);
    for (int seconds : new int[] {-1, 601}) {
      assertThatThrownBy(() -> client.modifyAckDeadline(subscription, received, seconds))
          .hasMessageContaining("INVALID_ARGUMENT");
    }
  }

  // Streaming pull

  @Test
  void aStreamDeliversWhatIsThereAndWhatComes() {
    client.publish(topic, "there");
    try (PubSubClient.Stream stream = client.open(subscription)) {
      assertThat(text(stream.take())).isEqualTo("there");

      client.publish(topic, "to come");

      assertThat(text(stream.take())).isEqualTo("to come");
      stream.halfClose();
      assertThat(stream.awaitEnd().isOk()).isTrue();
    }
  }

  @Test
  void acksAndDeadlinesAreTakenOnTheStream() {
    client.publish(topic, "to nack");
    PubSubClient.Stream stream = client.open(subscription);
    stream.nack(stream.take());
    ReceivedMessage again = stream.take();
    assertThat(text(again)).isEqualTo("to nack");
    stream.ack(again);
    stream.nack(again);

    client.publish(topic, "next");

    assertThat(text(stream.take())).isEqualTo("next");
    stream.halfClose();
    assertThat(stream.awaitEnd().isOk()).isTrue();
  }

  @Test
  void aStreamHoldsNoMoreMessagesThanItsClientAllows() {
    assumeNot(Difference.NO_FLOW_CONTROL);
    client.publish(topic, "a", "b", "c", "d", "e");
    PubSubClient.Stream stream =
        client.open(opening(subscription).setMaxOutstandingMessages(2).build());
    List<ReceivedMessage> held = stream.take(2);
    Set<String> seen = held.stream().map(PubSubClient::text).collect(Collectors.toSet());

    // What the stream may not have is there for others.
    List<ReceivedMessage> others = client.pullAll(subscription, 3);
    client.modifyAckDeadline(subscription, others, 0);
    assertThat(stream.waiting()).isZero();
    client.acknowledge(subscription, held);

    List<ReceivedMessage> more = stream.take(2);
    more.forEach(message -> seen.add(text(message)));
    more.forEach(stream::ack);
    seen.add(text(stream.take()));
    assertThat(seen).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    stream.halfClose();
    assertThat(stream.awaitEnd().isOk()).isTrue();
  }

  @Test
  void aStreamHoldsNoMoreBytesThanItsClientAllows() {
    assumeNot(Difference.NO_FLOW_CONTROL);
    String large = "x".repeat(1_000);
    client.publish(topic, large, large, large);
    PubSubClient.Stream stream =
        client.open(opening(subscription).setMaxOutstandingBytes(2_500).build());
    List<ReceivedMessage> held = stream.take(2);

    client.modifyAckDeadline(subscription, client.pullAll(subscription, 1), 0);
    assertThat(stream.waiting()).isZero();
    stream.ack(held.get(0));

    assertThat(text(stream.take())).isEqualTo(large);
  }

  @Test
  void aMessageLargerThanTheWholeLimitIsDeliveredAlone() {
    client.publish(topic, "x".repeat(5_000));
    PubSubClient.Stream stream =
        client.open(opening(subscription).setMaxOutstandingBytes(100).build());

    assertThat(text(stream.take())).hasSize(5_000);
    stream.halfClose();
    assertThat(stream.awaitEnd().isOk()).isTrue();
  }

  @Test
  void anEmptyRequestIsAnsweredByAnEmptyResponse() {
    assumeNot(Difference.NO_ANSWER_TO_KEEP_ALIVE);
    PubSubClient.Stream stream = client.open(subscription);

    stream.send(StreamingPullRequest.getDefaultInstance());

    stream.awaitEmptyAnswer();
  }

  @Test
  void theLeasesOfABrokenStreamRunOn() {
    assumeNot(Difference.CANCELLED_STREAM_GOES_ON);
    client.publish(topic, "leased");
    try (PubSubClient.Stream broken = client.open(subscription)) {
      broken.take();
    }

    // Until the server has seen the end it goes on delivering to the stream.
    List<ReceivedMessage> free = List.of();
    while (free.isEmpty()) {
      client.publish(topic, "free");
      free = client.pullNow(subscription, 10);
    }
    assertThat(texts(free)).containsOnly("free");
    letPass(Duration.ofSeconds(10));
    assertThat(texts(client.pullNow(subscription, 1_000))).contains("leased");
  }

  @Test
  void theLeasesOfAClosedStreamRunOn() {
    client.publish(topic, "leased");
    PubSubClient.Stream stream = client.open(subscription);
    ReceivedMessage leased = stream.take();
    stream.halfClose();
    assertThat(stream.awaitEnd().isOk()).isTrue();
    assertThat(client.pullNow(subscription, 10)).isEmpty();

    client.modifyAckDeadline(subscription, List.of(leased), 0);

    assertThat(texts(client.pull(subscription, 10))).containsExactly("leased");
  }

  @Test
  void streamsShareASubscription() {
    List<PubSubClient.Stream> streams =
        List.of(client.open(subscription), client.open(subscription));
    List<String> published = IntStream.range(0, 400).mapToObj(Integer::toString).toList();
    for (List<String> part : List.of(published.subList(0, 200), published.subList(200, 400))) {
      client.publish(topic, part.stream().map(PubSubClient::message).toList());
    }

    List<String> received = new ArrayList<>();
    while (received.size() < published.size()) {
      for (PubSubClient.Stream stream : streams) {
        if (stream.waiting() > 0) {
          received.add(text(stream.take()));
        }
      }
    }

    assertThat(received).containsExactlyInAnyOrderElementsOf(published);
    streams.forEach(PubSubClient.Stream::halfClose);
    streams.forEach(stream -> assertThat(stream.awaitEnd().isOk()).isTrue());
  }

  @Test
  void refusesAStreamOfNoSubscription() {
    Status end = client.open(project + "/subscriptions/nowhere").awaitEnd();

    assertThat(end.getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(end.getDescription()).startsWith("Subscription does not exist");
  }

  // Policies

  @Test
  void movesToTheDeadLetterTopicWhatIsNeverAcked() {
    String deadTopic = project + "/topics/dead-topic";
    String deadSubscription = project + "/subscriptions/dead-sub";
    String policed = project + "/subscriptions/policed-sub";
    client.createTopic(deadTopic);
    client.createSubscription(deadSubscription, deadTopic);
    client
        .subscriber()
        .createSubscription(
            Subscription.newBuilder()
                .setName(policed)
                .setTopic(topic)
                .setDeadLetterPolicy(
                    DeadLetterPolicy.newBuilder()
                        .setDeadLetterTopic(deadTopic)
                        .setMaxDeliveryAttempts(5))
                .build());
    client.publish(
        topic, List.of(message("hopeless").toBuilder().putAttributes("own", "kept").build()));

    for (int attempt = 1; attempt <= 5; attempt++) {
      List<ReceivedMessage> received = client.pull(policed, 1);
      assertThat(received.get(0).getDeliveryAttempt()).isEqualTo(attempt);
      client.modifyAckDeadline(policed, received, 0);
    }

    // Google's service counts approximately, and its emulator looks when somebody pulls again.
    List<ReceivedMessage> moved = List.of();
    while (moved.isEmpty()) {
      assertThat(client.pullNow(policed, 1)).isEmpty();
      moved = client.pullNow(deadSubscription, 1);
    }
    PubsubMessage dead = moved.get(0).getMessage();
    assertThat(dead.getData().toStringUtf8()).isEqualTo("hopeless");
    assertThat(dead.getAttributesMap())
        .containsEntry("own", "kept")
        .containsEntry("CloudPubSubDeadLetterSourceDeliveryCount", "5")
        .containsEntry("CloudPubSubDeadLetterSourceSubscription", "policed-sub")
        .containsEntry(
            "CloudPubSubDeadLetterSourceSubscriptionProject",
            project.substring("projects/".length()))
        .containsKey("CloudPubSubDeadLetterSourceTopicPublishTime");
  }

  @Test
  void countsNoAttemptsWithoutADeadLetterPolicy() {
    client.publish(topic, "a");

    assertThat(client.pull(subscription, 1).get(0).getDeliveryAttempt()).isZero();
  }

  @Test
  void waitsOutTheLeastBackoffOfTheRetryPolicy() {
    assumeNot(Difference.NO_BACKOFF);
    String patient = project + "/subscriptions/patient-sub";
    client
        .subscriber()
        .createSubscription(
            Subscription.newBuilder()
                .setName(patient)
                .setTopic(topic)
                .setRetryPolicy(
                    RetryPolicy.newBuilder()
                        .setMinimumBackoff(com.google.protobuf.Duration.newBuilder().setSeconds(1))
                        .setMaximumBackoff(com.google.protobuf.Duration.newBuilder().setSeconds(1)))
                .build());
    client.publish(topic, "again");
    client.modifyAckDeadline(patient, client.pull(patient, 1), 0);
    assertThat(client.pullNow(patient, 1)).isEmpty();

    letPass(Duration.ofSeconds(1));

    assertThat(texts(client.pull(patient, 1))).containsExactly("again");
  }

  @Test
  void deliversTheMessagesOfAKeyInOrder() {
    String ordered = project + "/subscriptions/ordered-sub";
    client
        .subscriber()
        .createSubscription(
            Subscription.newBuilder()
                .setName(ordered)
                .setTopic(topic)
                .setEnableMessageOrdering(true)
                .build());
    for (int i = 0; i < 10; i++) {
      client.publish(topic, List.of(keyed("a", i), keyed("b", i)));
    }

    List<ReceivedMessage> received = new ArrayList<>();
    while (received.size() < 20) {
      List<ReceivedMessage> more = client.pull(ordered, 20);
      client.acknowledge(ordered, more);
      received.addAll(more);
    }

    List<String> inOrder = IntStream.range(0, 10).mapToObj(Integer::toString).toList();
    for (String key : List.of("a", "b")) {
      assertThat(
              received.stream()
                  .filter(message -> message.getMessage().getOrderingKey().equals(key))
                  .map(PubSubClient::text))
          .isEqualTo(inOrder);
    }
  }

  @Test
  void aSeekToTheFutureDropsTheBacklog() {
    client.publish(topic, "waiting", "held");
    client.pull(subscription, 1);

    client
        .subscriber()
        .seek(
            SeekRequest.newBuilder()
                .setSubscription(subscription)
                .setTime(Timestamps.fromMillis(now().plusSeconds(60).toEpochMilli()))
                .build());

    assertThat(client.pullNow(subscription, 10)).isEmpty();
  }

  // REST

  @Test
  void isHealthy() throws Exception {
    HttpResponse<String> answer = rest("GET", "/", "");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().strip()).isEqualTo("Ok");
  }

  @Test
  void makesTopicAndSubscriptionByRest() throws Exception {
    String restTopic = project + "/topics/rest-topic";
    String restSubscription = project + "/subscriptions/rest-sub";

    HttpResponse<String> createdTopic = rest("PUT", "/v1/" + restTopic, "");
    HttpResponse<String> created =
        rest("PUT", "/v1/" + restSubscription, "{\"topic\":\"" + restTopic + "\"}");

    assertThat(createdTopic.statusCode()).isEqualTo(200);
    assertThat(createdTopic.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(createdTopic.body()).isEqualTo("{\n  \"name\": \"" + restTopic + "\"\n}\n");
    assertThat(created.statusCode()).isEqualTo(200);
    assertThat(created.body())
        .isEqualTo(
            """
            {
              "name": "%s",
              "topic": "%s",
              "pushConfig": {
              },
              "ackDeadlineSeconds": 10,
              "messageRetentionDuration": "604800s"
            }
            """
                .formatted(restSubscription, restTopic));
    assertThat(rest("GET", "/v1/" + restSubscription, "").body()).isEqualTo(created.body());
    assertThat(rest("GET", "/v1/" + project + "/topics", "").body()).contains(topic, restTopic);
    assertThat(rest("GET", "/v1/" + project + "/subscriptions", "").body())
        .contains(subscription, restSubscription);
    assertThat(rest("GET", "/v1/" + restTopic + "/subscriptions", "").body())
        .isEqualTo("{\n  \"subscriptions\": [\"" + restSubscription + "\"]\n}\n");
    assertThat(rest("DELETE", "/v1/" + restSubscription, "").body()).isEqualTo("{\n}\n");
    assertThat(rest("DELETE", "/v1/" + restTopic, "").body()).isEqualTo("{\n}\n");
    assertThat(rest("GET", "/v1/" + restTopic, "").statusCode()).isEqualTo(404);
  }

  @Test
  void updatesByRest() throws Exception {
    HttpResponse<String> updated =
        rest(
            "PATCH",
            "/v1/" + subscription,
            "{\"subscription\":{\"ackDeadlineSeconds\":77},\"updateMask\":\"ackDeadlineSeconds\"}");

    assertThat(updated.statusCode()).isEqualTo(200);
    assertThat(getSubscription(subscription).getAckDeadlineSeconds()).isEqualTo(77);
  }

  @Test
  void publishesPullsAndAcksByRest() throws Exception {
    HttpResponse<String> published =
        rest(
            "POST",
            "/v1/" + topic + ":publish",
            "{\"messages\":[{\"data\":\"aGVsbG8=\",\"attributes\":{\"a\":\"b\"}}]}");
    assertThat(published.statusCode()).isEqualTo(200);
    assertThat(published.body()).matches("\\{\\n  \"messageIds\": \\[\"\\d+\"]\\n}\\n");

    HttpResponse<String> pulled =
        rest("POST", "/v1/" + subscription + ":pull", "{\"maxMessages\":10}");
    assertThat(pulled.body()).contains("\"data\": \"aGVsbG8=\"", "\"a\": \"b\"", "\"publishTime\"");
    String ackId = pulled.body().replaceAll("(?s).*\"ackId\": \"([^\"]+)\".*", "$1");

    assertThat(
            rest(
                    "POST",
                    "/v1/" + subscription + ":modifyAckDeadline",
                    "{\"ackIds\":[\"" + ackId + "\"],\"ackDeadlineSeconds\":30}")
                .body())
        .isEqualTo("{\n}\n");
    assertThat(
            rest("POST", "/v1/" + subscription + ":acknowledge", "{\"ackIds\":[\"" + ackId + "\"]}")
                .body())
        .isEqualTo("{\n}\n");
    assertThat(
            rest(
                    "POST",
                    "/v1/" + subscription + ":pull",
                    "{\"maxMessages\":10,\"returnImmediately\":true}")
                .body())
        .isEqualTo("{\n}\n");
  }

  @Test
  void refusesByRestWithTheStatusInTheBody() throws Exception {
    HttpResponse<String> again = rest("PUT", "/v1/" + topic, "");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body().strip())
        .isEqualTo(
            "{\"error\":{\"code\":409,\"message\":\"Topic already exists\","
                + "\"status\":\"ALREADY_EXISTS\"}}");
    HttpResponse<String> nowhere = rest("GET", "/v1/" + project + "/subscriptions/nowhere", "");
    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(nowhere.body()).contains("\"status\":\"NOT_FOUND\"");
    for (String malformed :
        List.of("{", "[]", "{\"bogus\":1}", "{\"messages\":[{\"data\":\"!\"}]}")) {
      HttpResponse<String> refused = rest("POST", "/v1/" + topic + ":publish", malformed);
      assertThat(refused.statusCode()).as(malformed).isEqualTo(400);
      assertThat(refused.body())
          .contains("Payload isn't valid for request.", "\"status\":\"INVALID_ARGUMENT\"");
    }
    assertThat(rest("GET", "/nowhere", "").statusCode()).isEqualTo(404);
    assertThat(rest("POST", "/v1/" + topic + ":frob", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void takesJsonThatIsLabelledAsAForm() throws Exception {
    assumeNot(Difference.NO_FORMS);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + endpoint() + "/v1/" + topic + ":publish"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("{\"messages\":[{\"data\":\"aGVsbG8=\"}]}"))
            .build();

    assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> rest(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + endpoint() + path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(PubSubClient.PATIENCE_SECONDS))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  private List<String> topicNames() {
    return client
        .publisher()
        .listTopics(ListTopicsRequest.newBuilder().setProject(project).build())
        .getTopicsList()
        .stream()
        .map(Topic::getName)
        .toList();
  }

  private List<String> subscriptionNames() {
    return client
        .subscriber()
        .listSubscriptions(ListSubscriptionsRequest.newBuilder().setProject(project).build())
        .getSubscriptionsList()
        .stream()
        .map(Subscription::getName)
        .toList();
  }

  private Subscription getSubscription(String name) {
    return client
        .subscriber()
        .getSubscription(GetSubscriptionRequest.newBuilder().setSubscription(name).build());
  }

  private void deleteTopic(String name) {
    client.publisher().deleteTopic(DeleteTopicRequest.newBuilder().setTopic(name).build());
  }

  private void deleteSubscription(String name) {
    client
        .subscriber()
        .deleteSubscription(DeleteSubscriptionRequest.newBuilder().setSubscription(name).build());
  }

  private static PubsubMessage keyed(String key, int number) {
    return message(Integer.toString(number)).toBuilder().setOrderingKey(key).build();
  }

  private static void assertRefused(Status.Code code, String description, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refusal -> {
              assertThat(refusal.getStatus().getCode()).isEqualTo(code);
              assertThat(refusal.getStatus().getDescription()).isEqualTo(description);
            });
  }
}
