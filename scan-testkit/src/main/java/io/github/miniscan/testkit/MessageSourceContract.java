package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.SourceSteps.SOON;
import static io.github.miniscan.testkit.SourceSteps.assertNothingIsLeft;
import static io.github.miniscan.testkit.SourceSteps.await;
import static io.github.miniscan.testkit.SourceSteps.get;
import static io.github.miniscan.testkit.SourceSteps.payload;
import static io.github.miniscan.testkit.SourceSteps.payloads;
import static io.github.miniscan.testkit.SourceSteps.publish;
import static io.github.miniscan.testkit.SourceSteps.receive;
import static io.github.miniscan.testkit.SourceSteps.receiveAndAckAll;
import static io.github.miniscan.testkit.SourceSteps.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * The promises of every {@link MessageSource}, as tests: a source's test class implements this
 * interface, which asks for a queue and for sources that receive from it.
 *
 * <p>A source of a log keeps them too, which knows one position instead of a lease for each
 * delivery: it may redeliver messages that come after one that was not acked, acked or not. A
 * source of a queue with leases implements {@link LeaseQueueContract}; one that reconnects to a
 * server, {@link ReconnectingContract} as well.
 */
public interface MessageSourceContract {

  /** A queue with one subscription, which is empty at the start of each test. */
  interface Queue extends AutoCloseable {

    /** Publishes one message; completes with its id once the queue has it. */
    CompletableFuture<String> publish(byte[] payload, Map<String, String> attributes)
        throws Exception;

    /** Opens a source on the subscription; the test closes it. */
    MessageSource open(ByteBudget budget) throws Exception;

    /** Returns the size in bytes of the largest message that the queue must deliver. */
    default int largestMessage() {
      return 9_000_000;
    }

    /** Returns whether a payload may hold any bytes; otherwise it is text of one line. */
    default boolean takesBinary() {
      return true;
    }

    /** Returns whether a payload may be empty. */
    default boolean takesEmptyMessages() {
      return true;
    }

    /** Returns whether messages have attributes. */
    default boolean takesAttributes() {
      return true;
    }

    @Override
    void close();
  }

  /** Starts a queue. */
  Queue start() throws Exception;

  // Delivering

  @Test
  default void deliversAMessageAsItWasPublished() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      byte[] payload = payload(queue, 70_000);
      Map<String, String> attributes =
          queue.takesAttributes() ? Map.of("origin", "scanner-7", "mark", "é😀") : Map.of();
      Instant before = Instant.now();
      String id = get(queue.publish(payload, attributes));

      Delivery delivery = receive(source, 1).get(0);

      Message message = delivery.message();
      assertThat(message.id()).isEqualTo(id);
      assertThat(message.payload()).isEqualTo(payload);
      assertThat(message.attributes()).isEqualTo(attributes);
      message
          .publishTime()
          .ifPresent(
              time ->
                  assertThat(time).isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5)));
      assertThat(delivery.attempt()).isBetween(0, 1);
      delivery.ack();
    }
  }

  @Test
  default void deliversAnEmptyMessage() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      assumeTrue(queue.takesEmptyMessages(), "this queue takes no empty messages");
      get(
          queue.publish(
              new byte[0], queue.takesAttributes() ? Map.of("only", "attributes") : Map.of()));
      Delivery delivery = receive(source, 1).get(0);
      assertThat(delivery.message().payload()).isEmpty();
      delivery.ack();
    }
  }

  @Test
  default void deliversTheLargestMessage() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      byte[] payload = payload(queue, queue.largestMessage());
      get(queue.publish(payload, Map.of()));
      Delivery delivery = receive(source, 1).get(0);
      assertThat(delivery.message().payload()).isEqualTo(payload);
      delivery.ack();
    }
  }

  @Test
  default void takesNoMoreThanAskedAndKeepsTheRestForLater() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      publish(queue, 25);
      List<Delivery> all = new ArrayList<>();
      while (all.size() < 25) {
        List<Delivery> some = source.receive(10, SOON);
        assertThat(some).isNotEmpty().hasSizeLessThanOrEqualTo(10);
        all.addAll(some);
      }
      assertThat(payloads(all)).hasSize(25);
      all.forEach(Delivery::ack);
    }
  }

  @Test
  default void returnsNothingWhenTimeIsOver() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      assertThat(source.receive(10, Duration.ZERO)).isEmpty();
      long start = System.nanoTime();
      assertThat(source.receive(10, Duration.ofMillis(300))).isEmpty();
      assertThat(System.nanoTime() - start).isBetween(300_000_000L, SOON.toNanos());
    }
  }

  // Settling

  @Test
  default void forgetsWhatWasAcked() throws Exception {
    try (Queue queue = start()) {
      publish(queue, 2_000);
      try (MessageSource source = queue.open(ByteBudget.ofHeap())) {
        receive(source, 2_000).forEach(Delivery::ack);
      }
      assertNothingIsLeft(queue);
    }
  }

  @Test
  default void deliversAgainWhatWasNacked() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (Queue queue = start()) {
      try (MessageSource source = queue.open(budget)) {
        publish(queue, 20);
        List<Delivery> received = receive(source, 20);
        received.subList(0, 10).forEach(Delivery::ack);
        received.subList(10, 20).forEach(Delivery::nack);
        receiveAndAckAll(source, payloads(received.subList(10, 20)));
        assertThat(budget.held()).isZero();
      }
      assertNothingIsLeft(queue);
    }
  }

  /** A dead letter's id comes from message id, publish time and payload. */
  @Test
  default void deliversAgainTheSameMessage() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      get(
          queue.publish(
              payload(queue, 100), queue.takesAttributes() ? Map.of("k", "v") : Map.of()));
      Delivery first = receive(source, 1).get(0);
      first.nack();
      Delivery second = receive(source, 1).get(0);
      assertThat(DeadLetter.idOf(second.message())).isEqualTo(DeadLetter.idOf(first.message()));
      assertThat(second.message().attributes()).isEqualTo(first.message().attributes());
      assertThat(second.message().publishTime()).isEqualTo(first.message().publishTime());
      assertThat(second.attempt()).as("0 where the queue does not say").isIn(0, 2);
      second.ack();
    }
  }

  @Test
  default void settlesOnce() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (Queue queue = start()) {
      try (MessageSource source = queue.open(budget)) {
        publish(queue, 1);
        Delivery delivery = receive(source, 1).get(0);
        delivery.ack();
        delivery.nack();
        delivery.ack();
        assertThat(budget.held()).isZero();
      }
      assertNothingIsLeft(queue);
    }
  }

  @Test
  default void deliversToTheNextSourceWhatWasNotAckedWhenItCloses() throws Exception {
    try (Queue queue = start()) {
      publish(queue, 20);
      Set<String> left;
      try (MessageSource source = queue.open(ByteBudget.ofHeap())) {
        List<Delivery> received = receive(source, 20);
        left = payloads(received);
        received.get(0).ack();
        left.remove(text(received.get(0)));
      }
      try (MessageSource source = queue.open(ByteBudget.ofHeap())) {
        receiveAndAckAll(source, left);
      }
      assertNothingIsLeft(queue);
    }
  }

  @Test
  default void maySettleFromAnyThread() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (Queue queue = start()) {
      try (MessageSource source = queue.open(budget)) {
        publish(queue, 1_000);
        receive(source, 1_000).parallelStream().forEach(Delivery::ack);
        assertThat(budget.held()).isZero();
      }
      assertNothingIsLeft(queue);
    }
  }

  // The budget

  @Test
  default void asksForNoMoreWhileTheBudgetIsSpent() throws Exception {
    int size = 10_000;
    int count = 2_500;
    ByteBudget budget = ByteBudget.ofBytes(100_000);
    try (Queue queue = start();
        MessageSource source = queue.open(budget)) {
      publish(queue, count, size);
      int settled = 0;
      long most = 0;
      while (settled < count) {
        List<Delivery> some = source.receive(100, SOON);
        assertThat(some).as("after %s", settled).isNotEmpty();
        most = Math.max(most, budget.held());
        some.forEach(Delivery::ack);
        settled += some.size();
      }
      // The budget, and what a queue may send in one piece.
      assertThat(most).isLessThan(100_000 + (12 << 20));
      assertThat(budget.held()).isZero();
    }
  }

  @Test
  default void letsAMessageInThatIsLargerThanTheWholeBudget() throws Exception {
    ByteBudget budget = ByteBudget.ofBytes(1);
    try (Queue queue = start();
        MessageSource source = queue.open(budget)) {
      publish(queue, 5);
      Set<String> payloads = new HashSet<>();
      while (payloads.size() < 5) {
        List<Delivery> some = receive(source, 1);
        payloads.addAll(payloads(some));
        some.forEach(Delivery::ack);
      }
      assertThat(budget.held()).isZero();
    }
  }

  // Stopping

  @Test
  default void stopWakesAReceiverThatWaits() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      CompletableFuture<List<Delivery>> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return source.receive(10, Duration.ofMinutes(5));
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      source.stop();
      source.stop();
      assertThat(get(waiting)).isEmpty();
      assertThat(source.receive(10, Duration.ofMinutes(5))).isEmpty();
    }
  }

  @Test
  default void settlesAfterItWasStoppedWhatWasReceivedBefore() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (Queue queue = start()) {
      try (MessageSource source = queue.open(budget)) {
        publish(queue, 20);
        List<Delivery> received = receive(source, 20);
        source.stop();
        received.forEach(Delivery::ack);
        assertThat(budget.held()).isZero();
      }
      assertNothingIsLeft(queue);
    }
  }

  @Test
  default void closesTwiceAndSettlesAfterwardsWithoutHarm() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (Queue queue = start()) {
      MessageSource source = queue.open(budget);
      publish(queue, 2);
      List<Delivery> received = receive(source, 2);
      source.close();
      source.close();
      received.get(0).ack();
      received.get(1).nack();
      assertThat(budget.held()).isZero();
      assertThat(source.receive(1, Duration.ZERO)).isEmpty();
    }
  }

  // The connection

  @Test
  default void isConnectedWhileAllIsWell() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      await("the server has answered", source::isConnected);
      await("the queue is empty", source::isIdle);
      publish(queue, 1);
      receive(source, 1).forEach(Delivery::ack);
      assertThat(source.isConnected()).isTrue();
      await("the queue is empty again", source::isIdle);
    }
  }
}
