package io.github.miniscan.pubsub;

import java.time.Duration;

/**
 * How long the source waits for what; tests have less time.
 *
 * @param lease how far a lease is extended at a time: what a crashed consumer held is free again
 *     after this. Whole seconds, 60 at the most
 * @param leaseCheck how often leases are looked over
 * @param heartbeat how often an otherwise silent server is asked for a sign of life
 * @param answer how long the server may take to answer a small call
 * @param refusal how long the server may refuse (no such subscription, no permission) before the
 *     source gives up
 * @param firstRetry the wait before the first new try; it doubles each time
 * @param longestRetry the cap of that
 * @param close how long closing may wait for the last acks and nacks
 */
record Timing(
    Duration lease,
    Duration leaseCheck,
    Duration heartbeat,
    Duration answer,
    Duration refusal,
    Duration firstRetry,
    Duration longestRetry,
    Duration close) {

  static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofMillis(100),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5));

  Timing withLease(Duration lease, Duration leaseCheck) {
    return new Timing(
        lease, leaseCheck, heartbeat, answer, refusal, firstRetry, longestRetry, close);
  }

  Timing withHeartbeat(Duration heartbeat, Duration answer) {
    return new Timing(
        lease, leaseCheck, heartbeat, answer, refusal, firstRetry, longestRetry, close);
  }

  Timing withClose(Duration close) {
    return new Timing(
        lease, leaseCheck, heartbeat, answer, refusal, firstRetry, longestRetry, close);
  }

  Timing withRefusal(Duration refusal) {
    return new Timing(
        lease, leaseCheck, heartbeat, answer, refusal, firstRetry, longestRetry, close);
  }
}
