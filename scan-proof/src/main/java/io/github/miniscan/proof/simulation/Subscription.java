package io.github.miniscan.proof.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The queue's side of the deliveries: what is published, leased and acked. */
final class Subscription {

  private final List<Slot> slots = new ArrayList<>();
  private final Chance chance;
  private final Tally tally;

  Subscription(List<Published> published, Chance chance, Tally tally) {
    published.forEach(message -> slots.add(new Slot(message)));
    this.chance = chance;
    this.tally = tally;
  }

  /** A message, and who has it. */
  static final class Slot {
    final Published published;
    private @Nullable Lease lease;
    private boolean acked;
    private int attempts;

    private Slot(Published published) {
      this.published = published;
    }
  }

  /** That a message was delivered to someone, and until when it is left to him. */
  static final class Lease {
    final Slot slot;
    final int attempt;
    long endsAt;

    private Lease(Slot slot, long endsAt) {
      this.slot = slot;
      this.attempt = slot.attempts;
      this.endsAt = endsAt;
    }

    @Override
    public String toString() {
      return slot.published + "#" + attempt;
    }
  }

  /** What may be delivered now, in the order of publication. */
  List<Slot> deliverable(long now) {
    List<Slot> deliverable = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot.published.at() <= now && !slot.acked && !isLeased(slot, now)) {
        deliverable.add(slot);
      }
    }
    return deliverable;
  }

  /** Any message that was published, whoever has it; null when there is none. */
  @Nullable Slot any(long now) {
    Slot slot = slots.get(chance.below(slots.size()));
    return slot.published.at() <= now ? slot : null;
  }

  private static boolean isLeased(Slot slot, long now) {
    return slot.lease != null && slot.lease.endsAt > now;
  }

  /** Delivers a message: it is left to the caller for that long. */
  Lease lease(Slot slot, long now, long length) {
    tally.deliveries++;
    if (slot.attempts > 0) {
      tally.redeliveries++;
    }
    if (slot.lease != null && slot.lease.endsAt <= now) {
      tally.leaseExpiries++;
    }
    slot.attempts++;
    Lease lease = new Lease(slot, now + length);
    slot.lease = lease;
    return lease;
  }

  /** Takes an ack. One whose lease is over may count or not: a queue promises neither. */
  void ack(Lease lease, long now) {
    boolean current = lease.slot.lease == lease && lease.endsAt > now;
    if (current || chance.onceIn(2)) {
      lease.slot.acked = true;
    }
  }

  /** Takes a nack: the message may be delivered again at once. */
  void release(Lease lease) {
    if (lease.slot.lease == lease) {
      lease.slot.lease = null;
    }
  }

  /** Whether everything that will ever be published was acked. */
  boolean isSettled() {
    for (Slot slot : slots) {
      if (!slot.acked) {
        return false;
      }
    }
    return true;
  }

  /** When something becomes deliverable that is not yet; {@link Long#MAX_VALUE} when nothing. */
  long nextChange(long now) {
    long next = Long.MAX_VALUE;
    for (Slot slot : slots) {
      if (!slot.acked) {
        if (slot.published.at() > now) {
          next = Math.min(next, slot.published.at());
        } else if (slot.lease != null && slot.lease.endsAt > now) {
          next = Math.min(next, slot.lease.endsAt);
        }
      }
    }
    return next;
  }
}
