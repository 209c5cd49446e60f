package io.github.miniscan.pubsub;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.MessageSource;
import java.time.Duration;

/** The source with shorter times, so that a proof need not wait for the real ones each time. */
public final class HastySource {

  /** How far a lease is extended at a time; the source's own is 60 seconds. */
  public static final Duration LEASE = Duration.ofSeconds(10);

  private static final Timing TIMING =
      Timing.DEFAULT
          .withLease(LEASE, Duration.ofMillis(200))
          .withHeartbeat(Duration.ofMillis(500), Duration.ofSeconds(1));

  private HastySource() {}

  /** Opens one as {@link PubSubSource#open} does. */
  public static MessageSource open(PubSubServer server, PubSubOptions options, ByteBudget budget)
      throws InterruptedException {
    return PubSubSource.open(server, options, budget, TIMING);
  }
}
