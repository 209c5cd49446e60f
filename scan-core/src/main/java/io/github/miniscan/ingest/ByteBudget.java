package io.github.miniscan.ingest;

import io.github.miniscan.Message;

/**
 * The bytes of deliveries that one consumer may hold at once, whatever the backlog.
 *
 * <p>A source takes its share for each delivery on arrival, and gives it back when the delivery is
 * settled or dropped: never earlier, so that memory cannot grow while a store is slow. While the
 * budget is spent the source asks the queue for no more. A delivery that is larger than the whole
 * budget is let in when nothing else is held: never less than one message. Safe for use by several
 * threads.
 */
public final class ByteBudget {

  /** The cost of a delivery beside its payload: objects, ids, the record that it becomes. */
  private static final int OVERHEAD = 512;

  private final long limit;
  private long held;
  private Runnable roomListener = () -> {};

  private ByteBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Returns a budget of this many bytes.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public static ByteBudget ofBytes(long limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("byte budget out of range: " + limit + " (1 or more)");
    }
    return new ByteBudget(limit);
  }

  /** Returns the default: an eighth of the heap that this JVM may grow to. */
  public static ByteBudget ofHeap() {
    return new ByteBudget(Math.max(1, Runtime.getRuntime().maxMemory() / 8));
  }

  /**
   * Returns the cost of a message while it is held: payload, attributes, id and a fixed overhead.
   */
  public static long costOf(Message message) {
    long cost = OVERHEAD + (long) message.payload().length + message.id().length();
    for (var attribute : message.attributes().entrySet()) {
      cost += attribute.getKey().length() + attribute.getValue().length() + 100L;
    }
    return cost;
  }

  /** Returns the limit in bytes. */
  public long limit() {
    return limit;
  }

  /** Returns the bytes held now; one arrival may exceed the limit. */
  public synchronized long held() {
    return held;
  }

  /** Returns whether there is room for more: less than the limit is held. */
  public synchronized boolean hasRoom() {
    return held < limit;
  }

  /** Takes a share for something that has arrived, room or not. */
  public synchronized void take(long bytes) {
    held += bytes;
  }

  /** Gives a share back, and tells the source when that made room. */
  public void giveBack(long bytes) {
    Runnable toTell;
    synchronized (this) {
      boolean wasFull = held >= limit;
      held -= bytes;
      if (!wasFull || held >= limit) {
        return;
      }
      toTell = roomListener;
    }
    toTell.run();
  }

  /** Sets the listener to call when a spent budget has room again; a budget has one source. */
  public synchronized void onRoom(Runnable listener) {
    roomListener = listener;
  }
}
