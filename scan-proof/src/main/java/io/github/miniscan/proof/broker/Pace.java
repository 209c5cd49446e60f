package io.github.miniscan.proof.broker;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.pubsub.HastySource;
import io.github.miniscan.pubsub.PubSubOptions;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PubSubSource;
import java.time.Duration;

/** With what times the source runs, and how long faults last for that. */
enum Pace {
  /** Shorter times than people get, so that a build can afford it. */
  HASTY(
      Duration.ofSeconds(13),
      Duration.ofMillis(1_500),
      Duration.ofSeconds(2),
      Duration.ofMinutes(2)) {
    @Override
    MessageSource open(PubSubServer server, PubSubOptions options, ByteBudget budget)
        throws InterruptedException {
      return HastySource.open(server, options, budget);
    }
  },
  /** As people get it. */
  REAL(
      Duration.ofSeconds(75),
      Duration.ofSeconds(20),
      Duration.ofSeconds(50),
      Duration.ofMinutes(5)) {
    @Override
    MessageSource open(PubSubServer server, PubSubOptions options, ByteBudget budget)
        throws InterruptedException {
      return PubSubSource.open(server, options, budget);
    }
  };

  private final Duration stall;
  private final Duration hang;
  private final Duration silence;
  private final Duration patience;

  Pace(Duration stall, Duration hang, Duration silence, Duration patience) {
    this.stall = stall;
    this.hang = hang;
    this.silence = silence;
    this.patience = patience;
  }

  abstract MessageSource open(PubSubServer server, PubSubOptions options, ByteBudget budget)
      throws InterruptedException;

  /** How long a store must be slow for leases that are not extended to run out. */
  Duration stall() {
    return stall;
  }

  /** How long calls hang, and servers are away. */
  Duration hang() {
    return hang;
  }

  /** How long a network must be silent for the source to notice. */
  Duration silence() {
    return silence;
  }

  /** How long to wait for what must come. */
  Duration patience() {
    return patience;
  }
}
