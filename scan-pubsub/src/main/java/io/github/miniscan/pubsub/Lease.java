package io.github.miniscan.pubsub;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The leases of deliveries that arrived together, kept together. Holds ack ids and nothing else, so
 * that a delivery which is settled can be collected while its neighbours are not.
 */
final class Lease {

  private final AtomicReferenceArray<@Nullable String> ackIds;
  private final AtomicInteger unsettled;
  private volatile long endsAt;
  private volatile long renewAt;
  private volatile boolean lost;

  /** True while a call is under way; used by the source's thread alone. */
  boolean renewing;

  /**
   * @param now of {@link System#nanoTime}
   * @param length in nanoseconds
   */
  Lease(List<String> ackIds, long now, long length) {
    this.ackIds = new AtomicReferenceArray<>(ackIds.toArray(new String[0]));
    unsettled = new AtomicInteger(ackIds.size());
    renewed(now, length);
  }

  /** Notes that the server holds the messages for us this long. */
  void renewed(long now, long length) {
    endsAt = now + length;
    renewAt = now + length / 2;
  }

  /** Renew at the next look, whatever is left. */
  void renewAtOnce() {
    renewAt = endsAt - Long.MAX_VALUE / 2;
  }

  boolean isDue(long now) {
    return now - renewAt >= 0;
  }

  /** Whether the queue may have given the messages to someone else. */
  boolean isLost(long now) {
    return lost || now - endsAt >= 0;
  }

  void lose() {
    lost = true;
  }

  boolean isSettled() {
    return unsettled.get() == 0;
  }

  /** The ack id, for whoever settles the delivery first; null for everyone after. */
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
