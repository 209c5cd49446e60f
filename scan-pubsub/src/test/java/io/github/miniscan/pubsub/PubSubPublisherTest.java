package io.github.miniscan.pubsub;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.pubsub.v1.DeleteTopicRequest;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.Rpc;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PubSubPublisherTest {

  private PubSubEmulator emulator;

  @BeforeEach
  void start() throws Exception {
    emulator = PubSubEmulator.start();
    emulator.createKit();
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  @Test
  void confirmsEachMessageWithItsId() throws Exception {
    try (PubSubPublisher publisher = open()) {
      List<CompletableFuture<String>> ids = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        ids.add(publisher.publish(new byte[100], Map.of("number", "" + i)));
      }
      publisher.flush();
      assertThat(ids).allMatch(CompletableFuture::isDone);
      assertThat(ids).extracting(CompletableFuture::join).doesNotHaveDuplicates();
      assertThat(published()).isEqualTo(5_000);
    }
  }

  @Test
  void closesOnlyWhenEverythingIsConfirmed() throws Exception {
    CompletableFuture<String> id;
    try (PubSubPublisher publisher = open()) {
      emulator.faults().delayCalls(Rpc.PUBLISH, Duration.ofMillis(300));
      id = publisher.publish(new byte[10], Map.of());
    }
    assertThat(id).isCompleted();
    assertThat(published()).isEqualTo(1);
  }

  @Test
  void triesAgainWhatFailsInPassing() throws Exception {
    emulator.faults().failCall(Rpc.PUBLISH, 1, Status.UNAVAILABLE);
    emulator.faults().failCall(Rpc.PUBLISH, 2, Status.INTERNAL);
    try (PubSubPublisher publisher = open()) {
      assertThat(publisher.publish(new byte[10], Map.of()).join()).isNotEmpty();
    }
    assertThat(published()).isEqualTo(1);
  }

  @Test
  void failsAloneWhatTheServerDoesNotTake() throws Exception {
    try (PubSubPublisher publisher = open()) {
      // Keeps the calls busy, so that the next ones share one.
      emulator.faults().delayCalls(Rpc.PUBLISH, Duration.ofMillis(200));
      for (int i = 0; i < 50; i++) {
        var unused = publisher.publish(new byte[10], Map.of());
      }
      CompletableFuture<String> refused = publisher.publish(new byte[0], Map.of());
      CompletableFuture<String> taken = publisher.publish(new byte[10], Map.of());
      publisher.flush();
      assertThat(taken).isCompleted();
      assertThat(refused).isCompletedExceptionally();
      assertThatExceptionOfType(CompletionException.class)
          .isThrownBy(refused::join)
          .withCauseInstanceOf(PubSubException.class)
          .withMessageContaining("topic projects/test-project/topics/scan-topic");
    }
    assertThat(published()).isEqualTo(51);
  }

  @Test
  void failsAtOnceAMessageThatIsTooLargeAndPublishesTheOthers() throws Exception {
    try (PubSubPublisher publisher = open()) {
      CompletableFuture<String> before = publisher.publish(new byte[10], Map.of());
      CompletableFuture<String> tooLarge = publisher.publish(new byte[11_000_000], Map.of());
      CompletableFuture<String> after = publisher.publish(new byte[10], Map.of());
      publisher.flush();
      assertThat(before).isCompleted();
      assertFailed(tooLarge, "a message of 11000000 bytes is too large");
      assertThat(after).isCompleted();
    }
    assertThat(published()).isEqualTo(2);
  }

  @Test
  void failsWhatAServerThatIsGoneDoesNotConfirm() throws Exception {
    try (PubSubPublisher publisher = open(Duration.ofSeconds(1))) {
      publisher.publish(new byte[10], Map.of()).join();
      String address = emulator.endpoint();
      emulator.close();
      List<CompletableFuture<String>> lost = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        lost.add(publisher.publish(new byte[10], Map.of()));
      }
      publisher.flush();
      lost.forEach(
          each ->
              assertFailed(
                  each, "the emulator at " + address + " cannot be reached: connection refused"));
    }
  }

  @Test
  void failsWhatIsPublishedToATopicThatIsGone() throws Exception {
    try (PubSubPublisher publisher = open();
        Connection admin = Connection.to(server(), "test-admin")) {
      publisher.publish(new byte[10], Map.of()).join();
      admin
          .publisher()
          .deleteTopicCallable()
          .call(
              DeleteTopicRequest.newBuilder()
                  .setTopic("projects/" + KIT_PROJECT + "/topics/" + KIT_TOPIC)
                  .build());
      CompletableFuture<String> lost = publisher.publish(new byte[10], Map.of());
      publisher.flush();
      assertFailed(lost, "there is no topic projects/test-project/topics/scan-topic");
    }
  }

  @Test
  void hasRunWhatIsAttachedToAFutureWhenFlushReturns() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    try (PubSubPublisher publisher = open()) {
      for (int i = 0; i < 100; i++) {
        var unused =
            publisher
                .publish(new byte[i % 2], Map.of())
                .whenComplete((id, failure) -> failures.addAndGet(failure == null ? 0 : 1));
      }
      publisher.flush();
      assertThat(failures).hasValue(50);
    }
  }

  @Test
  void failsWhatIsNotConfirmedWhenClosingIsInterrupted() throws Exception {
    PubSubPublisher publisher = open();
    emulator.faults().hangCalls(Rpc.PUBLISH);
    CompletableFuture<String> lost = publisher.publish(new byte[10], Map.of());
    Thread.currentThread().interrupt();
    publisher.close();
    assertThat(Thread.interrupted()).isTrue();
    assertFailed(lost, "closed before the server confirmed");
  }

  @Test
  void saysWhichTopicIsMissing() {
    assertThatExceptionOfType(PubSubException.class)
        .isThrownBy(() -> PubSubPublisher.open(server(), KIT_PROJECT, "no-such-topic"))
        .withMessageContaining("there is no topic projects/test-project/topics/no-such-topic")
        .withMessageContaining("create it");
  }

  @Test
  void takesAFullNameAndRefusesAMalformedOne() throws Exception {
    PubSubPublisher.open(server(), "unused", "projects/test-project/topics/scan-topic").close();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PubSubPublisher.open(server(), "a b", "t"))
        .withMessageContaining("malformed name: projects/a b/topics/t");
  }

  @Test
  void takesNothingOnceClosed() throws Exception {
    PubSubPublisher publisher = open();
    publisher.close();
    publisher.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> publisher.publish(new byte[1], Map.of()))
        .withMessageContaining("closed");
  }

  private PubSubServer server() {
    return PubSubServer.emulator(emulator.endpoint());
  }

  private PubSubPublisher open() throws InterruptedException {
    return PubSubPublisher.open(server(), KIT_PROJECT, KIT_TOPIC);
  }

  private PubSubPublisher open(Duration giveUpAfter) throws InterruptedException {
    return PubSubPublisher.open(server(), KIT_PROJECT, KIT_TOPIC, giveUpAfter);
  }

  private static void assertFailed(CompletableFuture<String> published, String why) {
    assertThat(published).isCompletedExceptionally();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(published::join)
        .withCauseInstanceOf(PubSubException.class)
        .withMessageContaining(why);
  }

  private long published() {
    return emulator.counts(KIT_PROJECT, KIT_SUBSCRIPTION).published();
  }
}
