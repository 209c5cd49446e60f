package io.github.miniscan.testkit;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A source of a log, as of Kafka: it polls from a position, and knows no more of what was settled
 * than the offset that it committed. It shows that such a source can keep the contract.
 */
class LogSourceTest implements MessageSourceContract {

  @Override
  public Queue start() {
    return new Log();
  }

  /** One partition, and the offset that its only consumer group has committed. */
  private static final class Log implements Queue {
    private final List<Message> messages = new ArrayList<>();
    private int committed;

    @Override
    public synchronized CompletableFuture<String> publish(
        byte[] payload, Map<String, String> attributes) {
      String id = "0-" + messages.size();
      messages.add(new Message(id, payload, attributes, Instant.now()));
      notifyAll();
      return CompletableFuture.completedFuture(id);
    }

    @Override
    public MessageSource open(ByteBudget budget) {
      return new LogSource(this, budget);
    }

    @Override
    public void close() {}
  }

  private static final class LogSource implements MessageSource {
    private final Log log;
    private final ByteBudget budget;
    private final TreeMap<Integer, LogDelivery> unsettled = new TreeMap<>();
    private int position;
    private boolean stopped;

    LogSource(Log log, ByteBudget budget) {
      this.log = log;
      this.budget = budget;
      this.position = log.committed;
      budget.onRoom(this::wake);
    }

    private void wake() {
      synchronized (log) {
        log.notifyAll();
      }
    }

    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException {
      long end = System.nanoTime() + maxWait.toNanos();
      synchronized (log) {
        while (true) {
          List<Delivery> polled = poll(maxDeliveries);
          long left = end - System.nanoTime();
          if (!polled.isEmpty() || stopped || left <= 0) {
            return polled;
          }
          TimeUnit.NANOSECONDS.timedWait(log, left);
        }
      }
    }

    private List<Delivery> poll(int maxDeliveries) {
      List<Delivery> polled = new ArrayList<>();
      while (!stopped
          && polled.size() < maxDeliveries
          && position < log.messages.size()
          && budget.hasRoom()) {
        LogDelivery delivery = new LogDelivery(this, position, log.messages.get(position));
        budget.take(ByteBudget.costOf(delivery.message()));
        unsettled.put(position, delivery);
        position++;
        polled.add(delivery);
      }
      return polled;
    }

    private void settle(LogDelivery delivery, boolean acked) {
      synchronized (log) {
        if (!unsettled.remove(delivery.offset, delivery)) {
          return;
        }
        budget.giveBack(ByteBudget.costOf(delivery.message()));
        if (acked) {
          log.committed = unsettled.isEmpty() ? position : unsettled.firstKey();
        } else {
          seek(delivery.offset);
        }
      }
    }

    /** A log can only go back: everything from there on is read again, settled or not. */
    private void seek(int offset) {
      var later = unsettled.tailMap(offset);
      later.values().forEach(each -> budget.giveBack(ByteBudget.costOf(each.message())));
      later.clear();
      position = Math.min(position, offset);
      log.committed = Math.min(log.committed, offset);
      log.notifyAll();
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void stop() {
      synchronized (log) {
        stopped = true;
        log.notifyAll();
      }
    }

    @Override
    public void close() {
      synchronized (log) {
        stop();
        if (!unsettled.isEmpty()) {
          seek(unsettled.firstKey());
        }
      }
    }
  }

  private record LogDelivery(LogSource source, int offset, Message message) implements Delivery {

    @Override
    public int attempt() {
      return 0;
    }

    @Override
    public void ack() {
      source.settle(this, true);
    }

    @Override
    public void nack() {
      source.settle(this, false);
    }
  }
}
