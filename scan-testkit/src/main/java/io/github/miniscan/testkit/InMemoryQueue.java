package io.github.miniscan.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A queue in memory, with sources that receive from it: for tests of programs that consume
 * messages.
 *
 * <pre>{@code
 * InMemoryQueue queue = new InMemoryQueue();
 * queue.publish("{...}");
 * try (MessageSource source = queue.open()) {
 *   IngestEngine.builder(source, decoder, writer)
 *       .options(IngestOptions.defaults().withMaxDeliveries(1))
 *       .build()
 *       .run();
 * }
 * assertThat(queue.acked()).hasSize(1);
 * }</pre>
 *
 * <p>A message waits until a source receives it, and waits again after a nack. Several sources may
 * be open at once. A delivery's lease has no end, so only a nack or closing the source redelivers.
 * Safe for use by several threads.
 */
public final class InMemoryQueue {

  private final Deque<Sent> waiting = new ArrayDeque<>();
  private final List<Message> acked = new ArrayList<>();
  private final List<Message> nacked = new ArrayList<>();
  private long published;

  /** Creates an empty queue. */
  public InMemoryQueue() {}

  /** A message, and how often it was delivered. */
  private static final class Sent {
    final Message message;
    int attempts;

    Sent(Message message) {
      this.message = message;
    }
  }

  /** Publishes a text as UTF-8, without attributes, and returns the message. */
  public Message publish(String payload) {
    return publish(payload.getBytes(UTF_8), Map.of());
  }

  /**
   * Publishes a payload, and returns the message. Its id is the number of messages published until
   * now; its publish time is the present.
   */
  public synchronized Message publish(byte[] payload, Map<String, String> attributes) {
    String id = Long.toString(published + 1);
    return publish(new Message(id, payload, attributes, Instant.now()));
  }

  /** Publishes a message as it is, and returns it. */
  public synchronized Message publish(Message message) {
    published++;
    waiting.add(new Sent(message));
    notifyAll();
    return message;
  }

  /** Opens a source with a budget of its own. */
  public MessageSource open() {
    return open(ByteBudget.ofHeap());
  }

  /** Opens a source with a budget, which no other source uses. */
  public MessageSource open(ByteBudget budget) {
    return new Source(budget);
  }

  /** Returns the messages that were acked, in the order of their acks. */
  public synchronized List<Message> acked() {
    return List.copyOf(acked);
  }

  /** Returns the messages that were nacked, once for each nack, in the order of their nacks. */
  public synchronized List<Message> nacked() {
    return List.copyOf(nacked);
  }

  /** Returns the messages that wait to be received, in their order. */
  public synchronized List<Message> waiting() {
    return waiting.stream().map(sent -> sent.message).toList();
  }

  private final class Source implements MessageSource {
    private final ByteBudget budget;
    private final Set<Held> held = new LinkedHashSet<>();
    private boolean stopped;

    Source(ByteBudget budget) {
      this.budget = budget;
      budget.onRoom(this::wake);
    }

    private void wake() {
      synchronized (InMemoryQueue.this) {
        InMemoryQueue.this.notifyAll();
      }
    }

    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException {
      long start = System.nanoTime();
      long longest = TimeUnit.NANOSECONDS.convert(maxWait);
      synchronized (InMemoryQueue.this) {
        while (true) {
          List<Delivery> received = take(maxDeliveries);
          long left = longest - (System.nanoTime() - start);
          if (!received.isEmpty() || stopped || left <= 0) {
            return received;
          }
          TimeUnit.NANOSECONDS.timedWait(InMemoryQueue.this, left);
        }
      }
    }

    private List<Delivery> take(int maxDeliveries) {
      List<Delivery> taken = new ArrayList<>();
      while (!stopped && taken.size() < maxDeliveries && !waiting.isEmpty() && budget.hasRoom()) {
        Held delivery = new Held(this, waiting.remove());
        budget.take(ByteBudget.costOf(delivery.message()));
        held.add(delivery);
        taken.add(delivery);
      }
      return taken;
    }

    /** Settles a delivery, and returns whether it was not settled before. */
    private boolean settle(Held delivery) {
      if (!held.remove(delivery)) {
        return false;
      }
      budget.giveBack(ByteBudget.costOf(delivery.message()));
      return true;
    }

    private void ack(Held delivery) {
      synchronized (InMemoryQueue.this) {
        if (settle(delivery)) {
          acked.add(delivery.message());
        }
      }
    }

    private void nack(Held delivery) {
      synchronized (InMemoryQueue.this) {
        if (settle(delivery)) {
          nacked.add(delivery.message());
          handBack(delivery);
        }
      }
    }

    private void handBack(Held delivery) {
      waiting.add(delivery.sent);
      InMemoryQueue.this.notifyAll();
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void stop() {
      synchronized (InMemoryQueue.this) {
        stopped = true;
        InMemoryQueue.this.notifyAll();
      }
    }

    @Override
    public void close() {
      synchronized (InMemoryQueue.this) {
        stop();
        for (Held delivery : List.copyOf(held)) {
          settle(delivery);
          handBack(delivery);
        }
      }
    }
  }

  private static final class Held implements Delivery {
    private final Source source;
    private final Sent sent;
    private final int attempt;

    Held(Source source, Sent sent) {
      this.source = source;
      this.sent = sent;
      this.attempt = ++sent.attempts;
    }

    @Override
    public Message message() {
      return sent.message;
    }

    @Override
    public int attempt() {
      return attempt;
    }

    @Override
    public void ack() {
      source.ack(this);
    }

    @Override
    public void nack() {
      source.nack(this);
    }
  }
}
