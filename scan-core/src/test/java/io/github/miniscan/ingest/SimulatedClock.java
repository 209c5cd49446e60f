package io.github.miniscan.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** Time that passes only while the engine waits; what is due then happens in the same thread. */
final class SimulatedClock implements IngestClock {

  static final Instant START = Instant.parse("2026-11-21T00:00:00Z");
  private static final int SPINNING = 100_000;

  private record Event(long at, int number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Integer.compare(number, other.number);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Duration> waits = new ArrayList<>();
  private long nanos = Long.MAX_VALUE - 1_000_000_000;
  private final long start = nanos;
  private int looks;

  /** Lets something happen that long after the start. */
  void at(Duration sinceStart, Runnable action) {
    events.add(new Event(sinceStart.toNanos(), events.size(), action));
  }

  Duration sinceStart() {
    return Duration.ofNanos(nanos - start);
  }

  /** The waits for a latch, as long as they were asked for. */
  List<Duration> waits() {
    return waits;
  }

  void pass(Duration longest, BooleanSupplier until) {
    if (++looks > SPINNING) {
      throw new AssertionError("the engine spins");
    }
    long end = sinceStart().plus(longest).toNanos();
    while (!until.getAsBoolean()) {
      Event next = events.peek();
      if (next == null || next.at > end) {
        nanos = start + end;
        return;
      }
      events.remove();
      nanos = start + Math.max(next.at, sinceStart().toNanos());
      next.action.run();
    }
  }

  @Override
  public Instant now() {
    return START.plus(sinceStart());
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public boolean await(CountDownLatch latch, Duration longest) throws InterruptedException {
    waits.add(longest);
    pass(longest, () -> latch.getCount() == 0 || Thread.currentThread().isInterrupted());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return latch.getCount() == 0;
  }
}
