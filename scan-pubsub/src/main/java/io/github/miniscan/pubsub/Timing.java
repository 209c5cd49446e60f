package io.github.miniscan.pubsub;

import java.time.Duration;

/**
 * The times that a source waits; tests use shorter ones.
 *
 * @param lease the time by which a lease is extended, after which the messages of a crashed
 *     consumer are redelivered; whole seconds, at most 60
 * @param leaseCheck the time between checks of the leases
 * @param heartbeat the time between signs of life
 * @param answer the time that the server has to answer a small call
 * @param refusal the time that the server may refuse (no such subscription, no permission) before
 *     the source gives up
 * @param firstRetry the wait before the first retry, which doubles each time
 * @param longestRetry the longest wait before a retry
 * @param close the time that closing may wait for the last acks and nacks
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
