package io.github.miniscan.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InMemoryQueueTest implements MessageSourceContract {

  @Override
  public Queue start() {
    InMemoryQueue queue = new InMemoryQueue();
    return new Queue() {
      @Override
      public CompletableFuture<String> publish(byte[] payload, Map<String, String> attributes) {
        return CompletableFuture.completedFuture(queue.publish(payload, attributes).id());
      }

      @Override
      public MessageSource open(ByteBudget budget) {
        return queue.open(budget);
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void tellsWhatBecameOfEachMessage() throws Exception {
    InMemoryQueue queue = new InMemoryQueue();
    Message acked = queue.publish("acked");
    Message nacked = queue.publish("nacked");
    Message held = queue.publish("held");
    Message waiting = queue.publish("waiting");
    try (MessageSource source = queue.open()) {
      List<Delivery> received = source.receive(3, Duration.ZERO);
      received.get(0).ack();
      received.get(1).nack();
      assertThat(queue.acked()).containsExactly(acked);
      assertThat(queue.nacked()).containsExactly(nacked);
      assertThat(queue.waiting()).containsExactly(waiting, nacked);
    }
    assertThat(queue.nacked()).as("closing is no nack").containsExactly(nacked);
    assertThat(queue.waiting()).containsExactly(waiting, nacked, held);
  }

  @Test
  void countsTheDeliveriesOfAMessage() throws Exception {
    InMemoryQueue queue = new InMemoryQueue();
    queue.publish("again and again");
    for (int attempt = 1; attempt <= 3; attempt++) {
      try (MessageSource source = queue.open()) {
        assertThat(source.receive(1, Duration.ZERO))
            .extracting(Delivery::attempt)
            .containsExactly(attempt);
      }
    }
  }

  @Test
  void givesEachMessageToOneOfSeveralSources() throws Exception {
    InMemoryQueue queue = new InMemoryQueue();
    queue.publish("one");
    queue.publish("two");
    try (MessageSource first = queue.open();
        MessageSource second = queue.open()) {
      assertThat(first.receive(1, Duration.ZERO)).hasSize(1);
      List<Delivery> others = second.receive(10, Duration.ZERO);
      assertThat(others).extracting(SourceSteps::text).containsExactly("two");
    }
  }

  @Test
  void wakesASourceThatWaitsWhenAMessageArrives() throws Exception {
    InMemoryQueue queue = new InMemoryQueue();
    try (MessageSource source = queue.open()) {
      CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> queue.publish("late"));
      assertThat(SourceSteps.receive(source, 1)).hasSize(1);
      SourceSteps.get(publishing);
    }
  }
}
