package io.github.miniscan.pubsub.emulator;

import org.jspecify.annotations.Nullable;

/**
 * A message of one subscription from its first delivery until it is settled. The queue that owns it
 * guards it.
 */
final class Lease {
  enum State {
    /** A consumer has it until {@link #dueMillis}. */
    OUTSTANDING,
    /** It came back and waits out its backoff until {@link #dueMillis}. */
    BACKING_OFF,
    /** It came back and may be delivered again. */
    RETURNED,
    /** It is acked, or was moved to a dead-letter topic. */
    SETTLED
  }

  final StoredMessage message;
  final int slot;
  State state = State.RETURNED;
  int attempts;

  /** Identifies the latest delivery: an ack id of an earlier one is stale. */
  long delivery;

  /** The stream whose flow control counts it; null for a unary pull, and where nobody has it. */
  @Nullable PullStream holder;

  long dueMillis;

  /** Its place in {@link LeaseTimers}, or -1. */
  int timer = -1;

  Lease(StoredMessage message, int slot) {
    this.message = message;
    this.slot = slot;
  }
}
