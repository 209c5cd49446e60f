package io.github.miniscan.pubsub;

import io.github.miniscan.Message;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import org.jspecify.annotations.Nullable;

/** A message with its place in a {@link Lease}. */
final class PubSubDelivery implements Delivery {

  private final Message message;
  private final int attempt;
  private final Lease lease;
  private final int index;
  private final Leases leases;

  PubSubDelivery(Message message, int attempt, Lease lease, int index, Leases leases) {
    this.message = message;
    this.attempt = attempt;
    this.lease = lease;
    this.index = index;
    this.leases = leases;
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public void ack() {
    String ackId = settle();
    if (ackId != null) {
      leases.ack(ackId);
    }
  }

  @Override
  public void nack() {
    String ackId = settle();
    if (ackId != null) {
      leases.nack(ackId);
    }
  }

  /** Drops the delivery if its lease ran out before it was received; it is redelivered. */
  boolean dropIfLost(long now) {
    return lease.isLost(now) && settle() != null;
  }

  private @Nullable String settle() {
    String ackId = lease.settle(index);
    if (ackId != null) {
      leases.release(ByteBudget.costOf(message), lease);
    }
    return ackId;
  }
}
