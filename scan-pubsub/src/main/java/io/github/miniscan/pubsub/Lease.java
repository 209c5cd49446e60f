package io.github.miniscan.pubsub;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The common lease of deliveries that arrived together. It holds ack ids and nothing else, so that
 * a settled delivery can be garbage-collected while its neighbours are kept.
 */
final class Lease {

  private final AtomicReferenceArray<@Nullable String> ackIds;
  private final AtomicInteger unsettled;
  private volatile long endsAt;
  private volatile long renewAt;
  private volatile boolean lost;

  /** True while a call that extends it is under way. Used by the source's thread alone. */
  boolean renewing;

  /**
   * Creates a lease that starts now.
   *
   * @param now of {@link System#nanoTime}
   * @param length in nanoseconds
   */
  Lease(List<String> ackIds, long now, long length) {
    this.ackIds = new AtomicReferenceArray<>(ackIds.toArray(new String[0]));
    unsettled = new AtomicInteger(ackIds.size());
    renewed(now, length);
  }

  /** Starts again with this length. */
  void renewed(long now, long length) {
    endsAt = now + length;
    renewAt = now + length / 2;
  }

  /** Makes the lease due, whatever is left of it. */
  void renewAtOnce() {
    renewAt = endsAt - Long.MAX_VALUE / 2;
  }

  boolean isDue(long now) {
    return now - renewAt >= 0;
  }

  /** Returns whether the queue may have redelivered the messages. */
  boolean isLost(long now) {
    return lost || now - endsAt >= 0;
  }

  void lose() {
    lost = true;
  }

  boolean isSettled() {
    return unsettled.get() == 0;
  }

  /** Returns the number of deliveries that are not settled. */
  int unsettled() {
    return unsettled.get();
  }

  /** Settles a delivery: returns its ack id, or null when it was settled before. */
  @Nullable String settle(int index) {
    String ackId = ackIds.get(index) == null ? null : ackIds.getAndSet(index, null);
    if (ackId != null) {
      unsettled.decrementAndGet();
    }
    return ackId;
  }

  void forEachUnsettled(Consumer<String> action) {
    for (int i = 0; i < ackIds.length(); i++) {
      String ackId = ackIds.get(i);
      if (ackId != null) {
        action.accept(ackId);
      }
    }
  }

  int size() {
    return ackIds.length();
  }
}
