package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.SourceSteps.await;
import static io.github.miniscan.testkit.SourceSteps.publish;
import static io.github.miniscan.testkit.SourceSteps.receive;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The promises of a source whose server may go away and come back, as tests. */
public interface ReconnectingContract extends MessageSourceContract {

  /** A queue in a server that goes away and comes back when told. */
  interface Server extends Queue {

    /** Takes the server away. */
    void goAway() throws Exception;

    /** Brings the server back at the same address, with the subscription, empty. */
    void comeBack() throws Exception;
  }

  @Override
  Server start() throws Exception;

  @Test
  default void goesOnWhenTheServerIsBack() throws Exception {
    try (Server queue = start();
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
}
