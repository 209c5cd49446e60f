package io.github.miniscan.pubsub;

import io.github.miniscan.ingest.ByteBudget;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What may still be asked for: the limits by count and by bytes, as one. Safe for use by several
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

  /** Whom to tell when there is room again after {@link #admits} said no. Must not block. */
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
   * Whether more may be asked for; when not, the listener is told once there is room.
   *
   * @param coming how many bytes were asked for already
   */
  boolean admits(long coming) {
    if (isFree(coming)) {
      return true;
    }
    wanted = true;
    // Room that was made in between has told nobody.
    return isFree(coming);
  }

  /** Never less than one message: whoever holds nothing may ask for something. */
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

  /** An eighth must be free, or many small requests would be made where one large one will do. */
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
