package io.github.miniscan.pubsub.emulator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The leases that something happens to at a known time, the earliest first. A binary heap in which
 * each lease knows its place, so that an ack takes its lease out at once and nothing of a settled
 * message stays behind until its deadline.
 */
final class LeaseTimers {
  private @Nullable Lease[] heap = new @Nullable Lease[64];
  private int size;

  void schedule(Lease lease, long dueMillis) {
    lease.dueMillis = dueMillis;
    if (lease.timer < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place(lease, size++);
    }
    siftUp(lease);
    siftDown(lease);
  }

  void cancel(Lease lease) {
    if (lease.timer < 0) {
      return;
    }
    int hole = lease.timer;
    lease.timer = -1;
    Lease last = at(--size);
    heap[size] = null;
    if (last != lease) {
      place(last, hole);
      siftUp(last);
      siftDown(last);
    }
  }

  /** Takes out a lease whose time has come, the earliest first, or gives null. */
  @Nullable Lease pollDue(long nowMillis) {
    if (size == 0 || at(0).dueMillis > nowMillis) {
      return null;
    }
    Lease due = at(0);
    cancel(due);
    return due;
  }

  private void siftUp(Lease lease) {
    int index = lease.timer;
    while (index > 0 && at((index - 1) / 2).dueMillis > lease.dueMillis) {
      place(at((index - 1) / 2), index);
      index = (index - 1) / 2;
    }
    place(lease, index);
  }

  private void siftDown(Lease lease) {
    int index = lease.timer;
    while (2 * index + 1 < size) {
      int child = 2 * index + 1;
      if (child + 1 < size && at(child + 1).dueMillis < at(child).dueMillis) {
        child++;
      }
      if (at(child).dueMillis >= lease.dueMillis) {
        break;
      }
      place(at(child), index);
      index = child;
    }
    place(lease, index);
  }

  private void place(Lease lease, int index) {
    heap[index] = lease;
    lease.timer = index;
  }

  private Lease at(int index) {
    Lease lease = heap[index];
    if (lease == null) {
      throw new IllegalStateException("no lease at " + index + " of " + size);
    }
    return lease;
  }
}
