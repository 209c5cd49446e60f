package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.SourceSteps.assertNothingIsLeft;
import static io.github.miniscan.testkit.SourceSteps.await;
import static io.github.miniscan.testkit.SourceSteps.payloads;
import static io.github.miniscan.testkit.SourceSteps.publish;
import static io.github.miniscan.testkit.SourceSteps.receive;
import static io.github.miniscan.testkit.SourceSteps.receiveWithin;
import static io.github.miniscan.testkit.SourceSteps.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The promises of a source of a queue with leases, such as Pub/Sub or SQS, as tests: it prefetches,
 * keeps the lease of each delivery, and hands back single messages.
 */
public interface LeaseQueueContract extends MessageSourceContract {

  /** A queue that leases each delivery to one source. */
  interface LeaseQueue extends Queue {

    /**
     * Returns how long a delivery stays away from others when its source does nothing for it.
     * Handing back is quicker.
     */
    Duration lease();
  }

  @Override
  LeaseQueue start() throws Exception;

  @Test
  default void deliversAgainAtOnceWhatWasNackedAndNothingElse() throws Exception {
    try (LeaseQueue queue = start();
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
  default void handsBackWhatWasReceivedAndNotSettledWhenItCloses() throws Exception {
    try (LeaseQueue queue = start()) {
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
    try (LeaseQueue queue = start()) {
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
  default void stopHandsBackAtOnceWhatNobodyReceivedAndKeepsTheRest() throws Exception {
    ByteBudget budget = ByteBudget.ofHeap();
    try (LeaseQueue queue = start()) {
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
}
