package io.github.miniscan.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * What every source promises, as tests: a source's test class implements this interface and says
 * how to start a queue and how to open a source on it.
 */
public interface MessageSourceContract {

  /** Time enough for anything that happens at once, on a machine that is busy. */
  Duration SOON = Duration.ofSeconds(30);

  /** A queue server with one subscription, which is empty at the start of each test. */
  interface Queue extends AutoCloseable {

    /** Publishes one message; completes with its id once the queue has it. */
    CompletableFuture<String> publish(byte[] payload, Map<String, String> attributes)
        throws Exception;

    /** Opens a source on the subscription; the test closes it. */
    MessageSource open(ByteBudget budget) throws Exception;

    /**
     * How long a delivery stays away from others when its source does nothing for it. Handing back
     * is quicker.
     */
    Duration lease();

    /** Takes the server away. */
    void goAway() throws Exception;

    /** Brings the server back at the same address, with the subscription, empty. */
    void comeBack() throws Exception;

    @Override
    void close();
  }

  /** Starts a server. */
  Queue start() throws Exception;

  // ---- delivering

  @Test
  default void deliversAMessageAsItWasPublished() throws Exception {
    byte[] payload = new byte[70_000];
    new Random(1).nextBytes(payload);
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      Instant before = Instant.now();
      String id =
          get(queue.publish(payload, Map.of("origin", "scanner-7", "mark", "\u00e9\ud83d\ude00")));

      Delivery delivery = receive(source, 1).get(0);

      Message message = delivery.message();
      assertThat(message.id()).isEqualTo(id);
      assertThat(message.payload()).isEqualTo(payload);
      assertThat(message.attributes())
          .isEqualTo(Map.of("origin", "scanner-7", "mark", "\u00e9\ud83d\ude00"));
      assertThat(message.publishTime().orElseThrow())
          .isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5));
      delivery.ack();
    }
  }

  @Test
  default void deliversAnEmptyMessage() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      get(queue.publish(new byte[0], Map.of("only", "attributes")));
      Delivery delivery = receive(source, 1).get(0);
      assertThat(delivery.message().payload()).isEmpty();
      delivery.ack();
    }
  }

  @Test
  default void deliversAMessageOfNineMegabytes() throws Exception {
    byte[] payload = new byte[9_000_000];
    new Random(2).nextBytes(payload);
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
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

  // ---- settling

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
  default void deliversAgainAtOnceWhatWasNacked() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      publish(queue, 20);
      List<Delivery> first = receive(source, 20);
      first.forEach(Delivery::nack);
      List<Delivery> second = receive(source, 20);
      assertThat(payloads(second)).isEqualTo(payloads(first));
      second.forEach(Delivery::ack);
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
  default void handsBackWhatWasReceivedAndNotSettledWhenItCloses() throws Exception {
    try (Queue queue = start()) {
      publish(queue, 20);
      Set<String> first;
      try (MessageSource source = queue.open(ByteBudget.ofHeap())) {
        List<Delivery> received = receive(source, 20);
        first = payloads(received);
        received.get(0).ack();
        first.remove(text(received.get(0)));
      }
      try (MessageSource source = queue.open(ByteBudget.ofHeap())) {
        List<Delivery> second = receiveWithin(source, 19, queue.lease());
        assertThat(payloads(second)).isEqualTo(first);
        second.forEach(Delivery::ack);
      }
    }
  }

  @Test
  default void keepsLeasesHoweverLongWhetherReceivedOrNot() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (Queue queue = start()) {
      try (MessageSource source = queue.open(budget)) {
        publish(queue, 20);
        List<Delivery> received = receive(source, 10);
        long cost = ByteBudget.costOf(received.get(0).message());
        await("everything was fetched", () -> budget.held() > 19 * cost);
        try (MessageSource other = queue.open(ByteBudget.ofHeap())) {
          Duration hold = queue.lease().plusSeconds(2);
          assertThat(other.receive(10, hold)).as("what was leased to another source").isEmpty();
        }
        received.forEach(Delivery::ack);
        receive(source, 10).forEach(Delivery::ack);
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

  // ---- the budget

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

  // ---- stopping

  @Test
  default void stopWakesWhoWaitsInReceive() throws Exception {
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
  default void stopHandsBackAtOnceWhatNobodyReceivedAndKeepsTheRest() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (Queue queue = start()) {
      try (MessageSource source = queue.open(budget)) {
        publish(queue, 20);
        List<Delivery> received = receive(source, 5);
        long cost = ByteBudget.costOf(received.get(0).message());
        await("everything was fetched", () -> budget.held() > 19 * cost);

        source.stop();

        assertThat(source.receive(10, Duration.ZERO)).isEmpty();
        assertThat(budget.held()).isLessThan(6 * cost);
        try (MessageSource other = queue.open(ByteBudget.ofHeap())) {
          List<Delivery> handedBack = receiveWithin(other, 15, queue.lease());
          assertThat(payloads(handedBack)).doesNotContainAnyElementsOf(payloads(received));
          handedBack.forEach(Delivery::ack);
        }
        received.forEach(Delivery::ack);
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

  // ---- the connection

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

  @Test
  default void goesOnWhenTheServerIsBack() throws Exception {
    try (Queue queue = start();
        MessageSource source = queue.open(ByteBudget.ofHeap())) {
      publish(queue, 1);
      receive(source, 1).forEach(Delivery::ack);

      queue.goAway();
      await("the loss is noticed", () -> !source.isConnected());
      assertThat(source.receive(1, Duration.ofMillis(50))).isEmpty();

      queue.comeBack();
      publish(queue, 3);
      List<Delivery> received = receive(source, 3);
      await("the return is noticed", source::isConnected);
      await("the queue is empty", source::isIdle);
      received.forEach(Delivery::ack);
    }
  }

  // ---- in words

  private static void publish(Queue queue, int count) throws Exception {
    publish(queue, count, 16);
  }

  /** Publishes so many messages of so many bytes, no two alike. */
  private static void publish(Queue queue, int count, int size) throws Exception {
    List<CompletableFuture<String>> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] number = ("message " + i).getBytes(UTF_8);
      ids.add(queue.publish(Arrays.copyOf(number, size), Map.of()));
    }
    for (CompletableFuture<String> id : ids) {
      get(id);
    }
  }

  /** Receives until there are so many, in any order. */
  private static List<Delivery> receive(MessageSource source, int count)
      throws InterruptedException {
    return receiveWithin(source, count, SOON);
  }

  private static List<Delivery> receiveWithin(MessageSource source, int count, Duration longest)
      throws InterruptedException {
    List<Delivery> received = new ArrayList<>();
    long end = System.nanoTime() + longest.toNanos();
    while (received.size() < count) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      assertThat(left.isNegative())
          .as("%s of %s came within %s", received.size(), count, longest)
          .isFalse();
      received.addAll(source.receive(count - received.size(), left));
    }
    return received;
  }

  private static void assertNothingIsLeft(Queue queue) throws Exception {
    try (MessageSource source = queue.open(ByteBudget.ofHeap())) {
      List<Delivery> left = new ArrayList<>();
      await(
          "the queue says that it is empty",
          () -> {
            left.addAll(receiveNow(source));
            return !left.isEmpty() || source.isIdle();
          });
      left.addAll(receiveNow(source));
      assertThat(payloads(left)).as("what is left").isEmpty();
    }
  }

  private static List<Delivery> receiveNow(MessageSource source) {
    try {
      return source.receive(10, Duration.ofMillis(50));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static <T> T get(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Set<String> payloads(List<Delivery> deliveries) {
    Set<String> payloads = new HashSet<>();
    deliveries.forEach(delivery -> payloads.add(text(delivery)));
    return payloads;
  }

  private static String text(Delivery delivery) {
    return new String(delivery.message().payload(), UTF_8);
  }
}
