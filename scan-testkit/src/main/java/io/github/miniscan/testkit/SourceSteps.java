package io.github.miniscan.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.testkit.MessageSourceContract.Queue;
import java.time.Duration;
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

/** The steps of the contracts of sources. */
final class SourceSteps {

  /** Time enough for anything that happens at once, on a machine that is busy. */
  static final Duration SOON = Duration.ofSeconds(30);

  private SourceSteps() {}

  /** Returns random bytes, or random text of one line where the queue takes no others. */
  static byte[] payload(Queue queue, int size) {
    byte[] payload = new byte[size];
    new Random(size).nextBytes(payload);
    if (!queue.takesBinary()) {
      for (int i = 0; i < size; i++) {
        payload[i] = (byte) ('a' + (payload[i] & 15));
      }
    }
    return payload;
  }

  static void publish(Queue queue, int count) throws Exception {
    publish(queue, count, 16);
  }

  /** Publishes messages of one size, of which no two are alike. */
  static void publish(Queue queue, int count, int size) throws Exception {
    List<CompletableFuture<String>> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] payload = new byte[size];
      Arrays.fill(payload, (byte) '.');
      byte[] number = ("message " + i).getBytes(UTF_8);
      System.arraycopy(number, 0, payload, 0, number.length);
      ids.add(queue.publish(payload, Map.of()));
    }
    for (CompletableFuture<String> id : ids) {
      get(id);
    }
  }

  /** Receives until there are this many deliveries, in any order. */
  static List<Delivery> receive(MessageSource source, int count) throws InterruptedException {
    return receiveWithin(source, count, SOON);
  }

  static List<Delivery> receiveWithin(MessageSource source, int count, Duration longest)
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

  /** Receives, and acks, until each of these payloads has come; others may come as well. */
  static void receiveAndAckAll(MessageSource source, Set<String> payloads)
      throws InterruptedException {
    Set<String> missing = new HashSet<>(payloads);
    long end = System.nanoTime() + SOON.toNanos();
    while (!missing.isEmpty()) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      assertThat(left.isNegative()).as("%s did not come within %s", missing, SOON).isFalse();
      for (Delivery delivery : source.receive(100, left)) {
        missing.remove(text(delivery));
        delivery.ack();
      }
    }
  }

  static void assertNothingIsLeft(Queue queue) throws Exception {
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

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  static <T> T get(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
  }

  static Set<String> payloads(List<Delivery> deliveries) {
    Set<String> payloads = new HashSet<>();
    deliveries.forEach(delivery -> payloads.add(text(delivery)));
    return payloads;
  }

  static String text(Delivery delivery) {
    return new String(delivery.message().payload(), UTF_8);
  }
}
