package io.github.miniscan.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources that are wrong in one thing each, and the tests that notice. */
class SourceFaultsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void isNoticed(String fault, Function<Opened, MessageSource> source, Test test) throws Exception {
    test.run(() -> new FaultyQueue(opened -> new ForwardingSource(opened)));
    MessageSourceContract contract = () -> new FaultyQueue(source);
    assertThatThrownBy(() -> test.run(contract)).isInstanceOf(AssertionError.class);
  }

  static Stream<Arguments> isNoticed() {
    return Stream.of(
        fault(
            "an ack does nothing",
            opened ->
                settling(
                    opened,
                    delivery ->
                        new ForwardingDelivery(delivery) {
                          @Override
                          public void ack() {}
                        }),
            MessageSourceContract::forgetsWhatWasAcked),
        fault(
            "every delivery has an id of its own",
            opened ->
                settling(
                    opened,
                    delivery ->
                        new ForwardingDelivery(delivery) {
                          @Override
                          public Message message() {
                            Message message = delivery.message();
                            return new Message(
                                message.id() + "-" + delivery.attempt(),
                                message.payload(),
                                message.attributes(),
                                message.publishTime().orElse(null));
                          }
                        }),
            MessageSourceContract::deliversAgainTheSameMessage),
        fault(
            "the budget is given back twice",
            opened ->
                settling(
                    opened,
                    delivery ->
                        new ForwardingDelivery(delivery) {
                          @Override
                          public void nack() {
                            super.nack();
                            opened.budget().giveBack(ByteBudget.costOf(delivery.message()));
                          }
                        }),
            MessageSourceContract::settlesOnce),
        fault(
            "the budget is not heeded",
            opened -> {
              MessageSource other = opened.queue().open(ByteBudget.ofHeap());
              return settling(
                  new Opened(opened.queue(), opened.budget(), other),
                  delivery -> {
                    opened.budget().take(1 << 20);
                    return delivery;
                  });
            },
            MessageSourceContract::asksForNoMoreWhileTheBudgetIsSpent),
        fault(
            "it returns before its time is over",
            opened ->
                new ForwardingSource(opened) {
                  @Override
                  public List<Delivery> receive(int maxDeliveries, Duration maxWait)
                      throws InterruptedException {
                    return super.receive(maxDeliveries, Duration.ZERO);
                  }
                },
            MessageSourceContract::returnsNothingWhenTimeIsOver),
        fault(
            "it takes more than it was asked for",
            opened ->
                new ForwardingSource(opened) {
                  @Override
                  public List<Delivery> receive(int maxDeliveries, Duration maxWait)
                      throws InterruptedException {
                    return super.receive(2 * maxDeliveries, maxWait);
                  }
                },
            MessageSourceContract::takesNoMoreThanAskedAndKeepsTheRestForLater),
        fault(
            "a closed source goes on",
            opened ->
                new ForwardingSource(opened) {
                  @Override
                  public void close() {}
                },
            MessageSourceContract::closesTwiceAndSettlesAfterwardsWithoutHarm));
  }

  private static Arguments fault(String fault, Function<Opened, MessageSource> source, Test test) {
    return arguments(fault, source, test);
  }

  private interface Test {
    void run(MessageSourceContract contract) throws Exception;
  }

  private record Opened(InMemoryQueue queue, ByteBudget budget, MessageSource source) {}

  private static final class FaultyQueue implements MessageSourceContract.Queue {
    private final InMemoryQueue queue = new InMemoryQueue();
    private final Function<Opened, MessageSource> source;

    FaultyQueue(Function<Opened, MessageSource> source) {
      this.source = source;
    }

    @Override
    public CompletableFuture<String> publish(byte[] payload, Map<String, String> attributes) {
      return CompletableFuture.completedFuture(queue.publish(payload, attributes).id());
    }

    @Override
    public MessageSource open(ByteBudget budget) {
      return source.apply(new Opened(queue, budget, queue.open(budget)));
    }

    @Override
    public void close() {}
  }

  private static MessageSource settling(Opened opened, UnaryOperator<Delivery> change) {
    return new ForwardingSource(opened) {
      @Override
      public List<Delivery> receive(int maxDeliveries, Duration maxWait)
          throws InterruptedException {
        return super.receive(maxDeliveries, maxWait).stream().map(change).toList();
      }
    };
  }

  private static class ForwardingSource implements MessageSource {
    private final MessageSource source;

    ForwardingSource(Opened opened) {
      this.source = opened.source();
    }

    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException {
      return source.receive(maxDeliveries, maxWait);
    }

    @Override
    public boolean isConnected() {
      return source.isConnected();
    }

    @Override
    public void stop() {
      source.stop();
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private static class ForwardingDelivery implements Delivery {
    private final Delivery delivery;

    ForwardingDelivery(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public Message message() {
      return delivery.message();
    }

    @Override
    public int attempt() {
      return delivery.attempt();
    }

    @Override
    public void ack() {
      delivery.ack();
    }

    @Override
    public void nack() {
      delivery.nack();
    }
  }
}
