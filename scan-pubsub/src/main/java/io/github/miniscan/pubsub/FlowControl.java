package io.github.miniscan.pubsub;

import io.github.miniscan.ingest.ByteBudget;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The limits by count and by bytes for deliveries that are not settled. Safe for use by several
 * threads.
 */
final class FlowControl {

  private final ByteBudget budget;
  private final int maxOutstanding;
  private final AtomicInteger outstanding = new AtomicInteger();
  private volatile boolean wanted;
  private volatile Runnable listener = () -> {};

  FlowControl(ByteBudget budget, int maxOutstanding) {
    this.budget = budget;
    this.maxOutstanding = maxOutstanding;
    budget.onRoom(this::tellIfWanted);
  }

  /** Sets the listener that is told of room after {@link #admits} said no. It must not block. */
  void onRoom(Runnable listener) {
    this.listener = listener;
  }

  int maxOutstanding() {
    return maxOutstanding;
  }

  long maxBytes() {
    return budget.limit();
  }

  /**
   * Returns whether more may be asked for. If not, the listener is told once there is room.
   *
   * @param coming the bytes that were asked for and have not arrived
   */
  boolean admits(long coming) {
    if (isFree(coming)) {
      return true;
    }
    wanted = true;
    // The listener was not told of room that was made in between.
    return isFree(coming);
  }

  /** Returns whether there is room. A source that holds nothing always has room for a message. */
  private boolean isFree(long coming) {
    int held = outstanding.get();
    return (held == 0 && coming == 0)
        || (held < maxOutstanding && budget.held() + coming < budget.limit());
  }

  int freeCount() {
    return maxOutstanding - outstanding.get();
  }

  long freeBytes() {
    return budget.limit() - budget.held();
  }

  void take(long bytes) {
    outstanding.incrementAndGet();
    budget.take(bytes);
  }

  void giveBack(long bytes) {
    outstanding.decrementAndGet();
    budget.giveBack(bytes);
    if (wanted) {
      tellIfWanted();
    }
  }

  /** Tells the listener once an eighth is free, so that it makes few large requests. */
  private void tellIfWanted() {
    int held = outstanding.get();
    long limit = budget.limit();
    boolean enough =
        held == 0
            || (held <= maxOutstanding - maxOutstanding / 8
                && held < maxOutstanding
                && budget.held() < limit - limit / 8);
    if (enough && wanted) {
      wanted = false;
      listener.run();
    }
  }
}
