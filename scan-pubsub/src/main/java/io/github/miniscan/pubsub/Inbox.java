package io.github.miniscan.pubsub;

import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.SourceException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Deliveries that have arrived and are not received yet. Safe for use by several threads. */
final class Inbox {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<PubSubDelivery> queue = new ArrayDeque<>();
  private boolean stopped;
  private @Nullable Throwable failure;

  /** Adds deliveries, or hands them back once the inbox was stopped. */
  void add(List<PubSubDelivery> deliveries) {
    lock.lock();
    try {
      if (!stopped) {
        queue.addAll(deliveries);
        changed.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    deliveries.forEach(PubSubDelivery::nack);
  }

  /** Implements {@link io.github.miniscan.ingest.MessageSource#receive}. */
  List<Delivery> receive(int max, Duration maxWait) throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.convert(maxWait);
    lock.lockInterruptibly();
    try {
      while (true) {
        if (failure instanceof Error error) {
          throw error;
        }
        List<Delivery> taken = take(max);
        if (!taken.isEmpty() || stopped) {
          return taken;
        }
        if (failure != null) {
          throw asSourceException(failure);
        }
        if (left <= 0) {
          return taken;
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Delivery> take(int max) {
    List<Delivery> taken = new ArrayList<>(Math.min(max, queue.size()));
    long now = System.nanoTime();
    while (taken.size() < max && !queue.isEmpty()) {
      PubSubDelivery next = queue.remove();
      if (!next.dropIfLost(now)) {
        taken.add(next);
      }
    }
    return taken;
  }

  private static SourceException asSourceException(Throwable failure) {
    return failure instanceof SourceException known
        ? known
        : new SourceException("the source failed: " + failure, failure);
  }

  /** Ends receiving with a failure; the first one counts. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    List<PubSubDelivery> unreceived;
    lock.lock();
    try {
      stopped = true;
      unreceived = List.copyOf(queue);
      queue.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
    unreceived.forEach(PubSubDelivery::nack);
  }
}
