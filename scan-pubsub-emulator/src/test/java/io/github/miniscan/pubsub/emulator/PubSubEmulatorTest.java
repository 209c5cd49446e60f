package io.github.miniscan.pubsub.emulator;

import static io.github.miniscan.pubsub.emulator.PubSubClient.message;
import static io.github.miniscan.pubsub.emulator.PubSubClient.opening;
import static io.github.miniscan.pubsub.emulator.PubSubClient.text;
import static io.github.miniscan.pubsub.emulator.PubSubClient.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import com.google.pubsub.v1.AcknowledgeRequest;
import com.google.pubsub.v1.DeadLetterPolicy;
import com.google.pubsub.v1.DeleteSubscriptionRequest;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.PullRequest;
import com.google.pubsub.v1.PullResponse;
import com.google.pubsub.v1.ReceivedMessage;
import com.google.pubsub.v1.RetryPolicy;
import com.google.pubsub.v1.SeekRequest;
import com.google.pubsub.v1.StreamingPullRequest;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.UpdateSubscriptionRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PubSubEmulatorTest {
  private static final String PROJECT = PubSubEmulator.KIT_PROJECT;
  private static final String TOPIC = "projects/test-project/topics/scan-topic";
  private static final String SUBSCRIPTION = "projects/test-project/subscriptions/scan-sub";

  private final MovableClock clock = new MovableClock();
  private PubSubEmulator emulator;
  private PubSubClient client;

  @BeforeEach
  void start() throws IOException {
    emulator = PubSubEmulator.start(EmulatorOptions.defaults().withClock(clock).withJournal(1_000));
    emulator.createKit();
    client = new PubSubClient(emulator.endpoint());
  }

  @AfterEach
  void stop() {
    client.close();
    emulator.close();
  }

  private void letPass(Duration time) {
    clock.advance(time);
    emulator.tick();
  }

  private SubscriptionCounts counts() {
    return emulator.counts(PROJECT, PubSubEmulator.KIT_SUBSCRIPTION);
  }

  // Life

  @Test
  void startsAgainOnThePortThatItHadAndHasForgottenEverything() throws IOException {
    List<String> before = client.publish(TOPIC, "lost");
    int port = emulator.port();
    emulator.close();

    try (PubSubEmulator again = PubSubEmulator.start(EmulatorOptions.defaults().withPort(port));
        PubSubClient reconnected = new PubSubClient(again.endpoint())) {
      assertThat(again.endpoint()).isEqualTo("127.0.0.1:" + port);
      assertThatThrownBy(() -> reconnected.pullNow(SUBSCRIPTION, 1))
          .hasMessageContaining("NOT_FOUND");
      again.createKit();
      assertThat(Long.parseLong(reconnected.publish(TOPIC, "new").get(0)))
          .as("a later life's ids are above those of an earlier one")
          .isGreaterThan(Long.parseLong(before.get(0)));
    }
  }

  @Test
  void endsOpenStreamsWhenItCloses() {
    PubSubClient.Stream stream = client.open(SUBSCRIPTION);
    client.publish(TOPIC, "a");
    stream.take();

    emulator.close();

    assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  /** Each stream ends a little later than the one before, while messages are on their way. */
  @Test
  void aHalfClosedStreamHasDeliveredWhateverItLeased() {
    String[] thousand =
        IntStream.range(0, 1_000).mapToObj(Integer::toString).toArray(String[]::new);
    long delivered = 0;
    for (int round = 0; round < 300; round++) {
      client.publish(TOPIC, thousand);
      PubSubClient.Stream stream = client.open(SUBSCRIPTION);
      long end = System.nanoTime() + round * 10_000L;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      stream.halfClose();
      assertThat(stream.awaitEnd().isOk()).isTrue();
      delivered += stream.waiting();
      assertThat(counts().outstanding()).as("leased in %d rounds", round + 1).isEqualTo(delivered);
    }
  }

  @Test
  void saysWhereItCannotListen() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(
              () -> PubSubEmulator.start(EmulatorOptions.defaults().withPort(taken.getLocalPort())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  // Time

  @Test
  void publishTimesComeFromTheClockAndNeverGoBack() {
    client.publish(TOPIC, "a");
    Instant first = clock.instant();
    clock.advance(Duration.ofHours(-1));
    client.publish(TOPIC, "b");

    assertThat(emulator.journal().entries(SUBSCRIPTION).stream().map(Journal.Entry::publishedAt))
        .containsExactly(
            Instant.ofEpochMilli(first.toEpochMilli()), Instant.ofEpochMilli(first.toEpochMilli()));
  }

  @Test
  void aPullThatFindsNothingIsAnsweredBeforeItsDeadline() throws IOException {
    PullRequest request =
        PullRequest.newBuilder().setSubscription(SUBSCRIPTION).setMaxMessages(1).build();
    try (PubSubEmulator timely = PubSubEmulator.start(EmulatorOptions.defaults());
        PubSubClient waiting = new PubSubClient(timely.endpoint())) {
      timely.createKit();

      PullResponse answer =
          waiting.subscriber().withDeadlineAfter(1_500, TimeUnit.MILLISECONDS).pull(request);

      assertThat(answer.getReceivedMessagesList()).isEmpty();
    }
  }

  @Test
  void theBackoffDoublesUpToItsLimit() {
    String patient = "projects/test-project/subscriptions/patient-sub";
    emulator.createSubscription(
        Subscription.newBuilder()
            .setName(patient)
            .setTopic(TOPIC)
            .setRetryPolicy(
                RetryPolicy.newBuilder()
                    .setMinimumBackoff(seconds(10))
                    .setMaximumBackoff(seconds(30)))
            .build());
    client.publish(TOPIC, "again");

    for (int backoff : new int[] {10, 20, 30, 30}) {
      client.modifyAckDeadline(patient, client.pullAll(patient, 1), 0);
      letPass(Duration.ofSeconds(backoff).minusMillis(1));
      assertThat(client.pullNow(patient, 1)).as("before " + backoff + " s").isEmpty();
      letPass(Duration.ofMillis(1));
    }
    assertThat(texts(client.pullNow(patient, 1))).containsExactly("again");
  }

  @Test
  void aLateAckOfAnExpiredLeaseCountsUntilTheMessageIsDeliveredAgain() {
    client.publish(TOPIC, "slow");
    List<ReceivedMessage> received = client.pull(SUBSCRIPTION, 1);
    letPass(Duration.ofSeconds(10));
    assertThat(counts().backlog()).isOne();

    client.acknowledge(SUBSCRIPTION, received);

    assertThat(client.pullNow(SUBSCRIPTION, 1)).isEmpty();
    assertThat(counts().acked()).isOne();
  }

  @Test
  void anExpiredLeaseMakesRoomOnItsStream() {
    client.publish(TOPIC, "a", "b");
    PubSubClient.Stream stream =
        client.open(opening(SUBSCRIPTION).setMaxOutstandingMessages(1).build());
    ReceivedMessage first = stream.take();

    letPass(Duration.ofSeconds(10));

    ReceivedMessage second = stream.take();
    assertThat(second.getAckId()).isNotEqualTo(first.getAckId());
    assertThat(counts().outstanding()).isOne();
  }

  // Streams

  @Test
  void anAnswerHasAtMostTenMegabytes() {
    ByteString large = ByteString.copyFrom(new byte[3_000_000]);
    for (int i = 0; i < 5; i++) {
      client.publish(TOPIC, List.of(PubsubMessage.newBuilder().setData(large).build()));
    }

    PubSubClient.Stream stream = client.open(SUBSCRIPTION);
    List<ReceivedMessage> received = stream.take(5);

    assertThat(received).allMatch(message -> message.getMessage().getData().equals(large));
    assertThat(stream.largestAnswer()).isBetween(3_000_000, Deliveries.MAX_BYTES);
  }

  @Test
  void streamsTakeTurns() {
    PubSubClient.Stream one = client.open(SUBSCRIPTION);
    PubSubClient.Stream other = client.open(SUBSCRIPTION);
    await().until(() -> counts().openStreams() == 2);

    client.publish(TOPIC, Collections.nCopies(100, message("at once")));
    one.take(50);
    other.take(50);

    for (int i = 0; i < 10; i++) {
      client.publish(TOPIC, "one by one");
      int expected = i + 1;
      await().until(() -> one.waiting() + other.waiting() == expected);
    }
    assertThat(one.waiting()).isEqualTo(5);
    assertThat(other.waiting()).isEqualTo(5);
  }

  @Test
  void aStreamRefusesWhatItsFirstRequestMayNotSay() {
    for (int seconds : new int[] {0, 9, 601}) {
      StreamingPullRequest request =
          opening(SUBSCRIPTION).setStreamAckDeadlineSeconds(seconds).build();
      assertThat(client.open(request).awaitEnd().getCode())
          .as("%d s", seconds)
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }

  @Test
  void aStreamRefusesWhatItsLaterRequestsMayNotSay() {
    for (StreamingPullRequest request :
        List.of(
            StreamingPullRequest.newBuilder().setSubscription(SUBSCRIPTION).build(),
            StreamingPullRequest.newBuilder().setStreamAckDeadlineSeconds(5).build(),
            StreamingPullRequest.newBuilder().addAckIds("bogus").build(),
            StreamingPullRequest.newBuilder().addModifyDeadlineSeconds(10).build())) {
      PubSubClient.Stream stream = client.open(SUBSCRIPTION);
      stream.send(request);
      assertThat(stream.awaitEnd().getCode())
          .as("%s", request)
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    await().until(() -> counts().openStreams() == 0);
  }

  @Test
  void aStreamEndsWithItsSubscription() {
    PubSubClient.Stream stream = client.open(SUBSCRIPTION);
    await().until(() -> counts().openStreams() == 1);

    client
        .subscriber()
        .deleteSubscription(
            DeleteSubscriptionRequest.newBuilder().setSubscription(SUBSCRIPTION).build());

    assertThat(stream.awaitEnd().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void aSlowStreamDoesNotFillTheMemory() {
    ByteString large = ByteString.copyFrom(new byte[1_000_000]);
    for (int i = 0; i < 40; i++) {
      client.publish(TOPIC, List.of(PubsubMessage.newBuilder().setData(large).build()));
    }
    List<ReceivedMessage> received = new ArrayList<>();
    try (PubSubClient.SlowStream slow = client.openSlowly(SUBSCRIPTION)) {
      await().until(() -> counts().outstanding() > 0);
      emulator.tick();
      assertThat(counts().backlog())
          .as("what the client does not read is not taken from the backlog")
          .isGreaterThanOrEqualTo(10);

      while (received.size() < 40) {
        received.addAll(slow.next());
      }
    }
    assertThat(received).hasSize(40);
  }

  @Test
  void refusesPoliciesTimesAndFieldsThatAreNone() {
    Subscription wanted =
        Subscription.newBuilder()
            .setName("projects/test-project/subscriptions/other-sub")
            .setTopic(TOPIC)
            .build();
    for (int backoff : new int[] {-1, 601}) {
      assertInvalid(
          () ->
              emulator.createSubscription(
                  wanted.toBuilder()
                      .setRetryPolicy(RetryPolicy.newBuilder().setMinimumBackoff(seconds(backoff)))
                      .build()));
    }
    for (int attempts : new int[] {4, 101}) {
      assertInvalid(
          () ->
              emulator.createSubscription(
                  wanted.toBuilder()
                      .setDeadLetterPolicy(
                          DeadLetterPolicy.newBuilder()
                              .setDeadLetterTopic(TOPIC)
                              .setMaxDeliveryAttempts(attempts))
                      .build()));
    }
    for (String field : List.of("bogus", "topic")) {
      assertInvalid(
          () ->
              client
                  .subscriber()
                  .updateSubscription(
                      UpdateSubscriptionRequest.newBuilder()
                          .setSubscription(wanted.toBuilder().setName(SUBSCRIPTION))
                          .setUpdateMask(FieldMask.newBuilder().addPaths(field))
                          .build()));
    }
    assertInvalid(
        () ->
            client
                .subscriber()
                .seek(
                    SeekRequest.newBuilder()
                        .setSubscription(SUBSCRIPTION)
                        .setTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                        .build()));
  }

  // Memory

  @Test
  void refusesToPublishMoreThanItMayHold() throws IOException {
    try (PubSubEmulator small =
            PubSubEmulator.start(EmulatorOptions.defaults().withMaxBacklogBytes(1_000));
        PubSubClient publisher = new PubSubClient(small.endpoint())) {
      small.createKit();
      publisher.publish(TOPIC, "x".repeat(1_000));
      assertThatThrownBy(() -> publisher.publish(TOPIC, "one more"))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("RESOURCE_EXHAUSTED")
          .hasMessageContaining("limit of 1000");

      publisher.acknowledge(SUBSCRIPTION, publisher.pull(SUBSCRIPTION, 1));

      assertThat(publisher.publish(TOPIC, "one more")).hasSize(1);
    }
  }

  // Counts and journal

  @Test
  void countsAddUp() {
    client.publish(TOPIC, "a", "b", "c", "d");
    List<ReceivedMessage> received = client.pullAll(SUBSCRIPTION, 3);
    client.acknowledge(SUBSCRIPTION, received.subList(0, 1));
    client.modifyAckDeadline(SUBSCRIPTION, received.subList(1, 2), 0);

    assertThat(counts()).isEqualTo(new SubscriptionCounts(4, 2, 1, 1, 0, 3, 1, 0, 0));

    letPass(Duration.ofSeconds(10));

    assertThat(counts()).isEqualTo(new SubscriptionCounts(4, 3, 0, 1, 0, 3, 1, 1, 0));
  }

  @Test
  void theJournalTellsWhatHappenedToEachMessage() {
    Instant published = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<String> ids = client.publish(TOPIC, "acked", "left");
    letPass(Duration.ofSeconds(1));
    List<ReceivedMessage> first = client.pullAll(SUBSCRIPTION, 2);
    client.modifyAckDeadline(SUBSCRIPTION, first.subList(0, 1), 0);
    letPass(Duration.ofSeconds(2));
    List<ReceivedMessage> again = client.pullAll(SUBSCRIPTION, 1);
    letPass(Duration.ofSeconds(3));
    client.acknowledge(SUBSCRIPTION, again);

    assertThat(emulator.journal().entries(SUBSCRIPTION))
        .containsExactly(
            new Journal.Entry(
                SUBSCRIPTION,
                ids.get(0),
                published,
                List.of(published.plusSeconds(1), published.plusSeconds(3)),
                1,
                Optional.of(published.plusSeconds(6))),
            new Journal.Entry(
                SUBSCRIPTION,
                ids.get(1),
                published,
                List.of(published.plusSeconds(1)),
                0,
                Optional.empty()));
    assertThat(emulator.journal().forgotten()).isZero();
  }

  @Test
  void theJournalForgetsTheOldestFirst() {
    client.publish(TOPIC, Collections.nCopies(1_000, message("old")));
    String last = client.publish(TOPIC, "new").get(0);

    List<Journal.Entry> entries = emulator.journal().entries(SUBSCRIPTION);
    assertThat(entries).hasSize(1_000);
    assertThat(entries.get(999).messageId()).isEqualTo(last);
    assertThat(emulator.journal().forgotten()).isOne();
  }

  // Faults

  @Test
  void failsTheChosenCallAndNoOther() {
    emulator.faults().failCall(Rpc.PUBLISH, 2, Status.UNAVAILABLE.withDescription("on demand"));
    client.publish(TOPIC, "first");
    assertThatThrownBy(() -> client.publish(TOPIC, "second")).hasMessageContaining("on demand");
    client.publish(TOPIC, "third");

    assertThat(texts(client.pullAll(SUBSCRIPTION, 2))).containsExactly("first", "third");
  }

  @Test
  void losesAnAnswerButDoesTheWork() {
    emulator.faults().loseAnswer(Rpc.PUBLISH, 1, Status.UNAVAILABLE);
    assertThatThrownBy(() -> client.publish(TOPIC, "done")).hasMessageContaining("UNAVAILABLE");

    assertThat(texts(client.pull(SUBSCRIPTION, 1))).containsExactly("done");
  }

  @Test
  void losesThePulledMessagesUntilTheirDeadline() {
    client.publish(TOPIC, "lost for a while");
    emulator.faults().loseAnswer(Rpc.PULL, 1, Status.INTERNAL);
    assertThatThrownBy(() -> client.pull(SUBSCRIPTION, 1)).hasMessageContaining("INTERNAL");
    assertThat(client.pullNow(SUBSCRIPTION, 1)).isEmpty();

    letPass(Duration.ofSeconds(10));

    assertThat(client.pullNow(SUBSCRIPTION, 1)).hasSize(1);
  }

  @Test
  void hangsUntilTheClientLosesPatience() {
    client.publish(TOPIC, "a");
    List<ReceivedMessage> received = client.pull(SUBSCRIPTION, 1);
    emulator.faults().hangCalls(Rpc.ACKNOWLEDGE);
    assertThatThrownBy(
            () ->
                client
                    .subscriber()
                    .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                    .acknowledge(
                        AcknowledgeRequest.newBuilder()
                            .setSubscription(SUBSCRIPTION)
                            .addAckIds(received.get(0).getAckId())
                            .build()))
        .hasMessageContaining("DEADLINE_EXCEEDED");
    assertThat(counts().outstanding()).isOne();

    emulator.faults().clear();
    client.acknowledge(SUBSCRIPTION, received);

    assertThat(counts().acked()).isOne();
  }

  @Test
  void delaysCallsByItsClock() {
    emulator.faults().delayCalls(Rpc.STREAMING_PULL, Duration.ofMinutes(1));
    client.publish(TOPIC, "late");
    PubSubClient.Stream stream = client.open(SUBSCRIPTION);
    client.publish(TOPIC, "later");
    assertThat(counts().openStreams()).isZero();

    await()
        .until(
            () -> {
              letPass(Duration.ofMinutes(1));
              return counts().openStreams() == 1;
            });

    assertThat(texts(stream.take(2))).containsExactly("late", "later");
  }

  @Test
  void resetsOpenStreamsAndKeepsTheirLeases() {
    client.publish(TOPIC, "held");
    PubSubClient.Stream stream = client.open(SUBSCRIPTION);
    stream.take();

    emulator.faults().resetStreams(Status.UNAVAILABLE.withDescription("moved"));

    Status end = stream.awaitEnd();
    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.getDescription()).isEqualTo("moved");
    assertThat(counts().outstanding()).isOne();
    assertThat(counts().openStreams()).isZero();
  }

  @Test
  void duplicatesAShareOfTheMessages() {
    emulator.faults().duplicate(0.5, 7);
    client.publish(TOPIC, numbered(200));
    int published = (int) counts().published();

    List<ReceivedMessage> received = client.pullAll(SUBSCRIPTION, published);

    assertThat(published).isBetween(250, 350);
    assertThat(new HashSet<>(texts(received))).hasSize(200);
    Set<String> ids =
        received.stream()
            .map(message -> message.getMessage().getMessageId())
            .collect(Collectors.toSet());
    assertThat(ids).as("a copy has the id of the original").hasSize(200);
    client.acknowledge(SUBSCRIPTION, received);
    assertThat(counts().acked()).isEqualTo(published);
  }

  @Test
  void reordersWhatComesAgainAfterItsDeadline() {
    client.publish(TOPIC, numbered(100));
    List<String> before = texts(client.pullAll(SUBSCRIPTION, 100));

    emulator.faults().reorder(Integer.MAX_VALUE, 1);
    letPass(Duration.ofSeconds(10));

    assertThat(texts(client.pullAll(SUBSCRIPTION, 100)))
        .containsExactlyInAnyOrderElementsOf(before)
        .isNotEqualTo(before);
  }

  @Test
  void reordersTheSameWayForTheSameSeed() {
    List<List<String>> orders = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      emulator.faults().reorder(Integer.MAX_VALUE, seed);
      client.publish(TOPIC, numbered(100));
      List<ReceivedMessage> received = client.pullAll(SUBSCRIPTION, 100);
      client.acknowledge(SUBSCRIPTION, received);
      orders.add(texts(received));
    }

    List<String> inOrder = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
    assertThat(orders.get(0)).containsExactlyInAnyOrderElementsOf(inOrder).isNotEqualTo(inOrder);
    assertThat(orders.get(1)).isEqualTo(orders.get(0));
    assertThat(orders.get(2)).isNotEqualTo(orders.get(0));
  }

  @Test
  void forgetsAShareOfTheAcks() {
    emulator.faults().dropAcks(1, 3);
    client.publish(TOPIC, "again");
    client.acknowledge(SUBSCRIPTION, client.pull(SUBSCRIPTION, 1));
    assertThat(counts().acked()).isZero();

    emulator.faults().clear();
    letPass(Duration.ofSeconds(10));
    List<ReceivedMessage> again = client.pull(SUBSCRIPTION, 1);
    client.acknowledge(SUBSCRIPTION, again);

    assertThat(text(again.get(0))).isEqualTo("again");
    assertThat(counts().acked()).isOne();
  }

  @Test
  void refusesFaultsThatAreNone() {
    Faults faults = emulator.faults();
    assertThatThrownBy(() -> faults.failCall(Rpc.PULL, 0, Status.UNKNOWN))
        .hasMessage("call number out of range: 0 (1 or more)");
    assertThatThrownBy(() -> faults.failCall(Rpc.PULL, 1, Status.OK))
        .hasMessageContaining("other than OK");
    assertThatThrownBy(() -> faults.duplicate(1.1, 0)).hasMessageContaining("1.1 (0 to 1)");
    assertThatThrownBy(() -> faults.reorder(1, 0)).hasMessageContaining("1 (2 or more)");
  }

  private static void assertInvalid(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("INVALID_ARGUMENT");
  }

  private static List<PubsubMessage> numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> message(Integer.toString(i))).toList();
  }

  private static com.google.protobuf.Duration seconds(int seconds) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).build();
  }
}
