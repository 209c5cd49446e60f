package io.github.miniscan.bench.contestants;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.pubsub.PubSubOptions;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PubSubSource;
import io.github.miniscan.pubsub.PullMode;
import java.time.Duration;
import java.util.List;

/**
 * The queue's ceiling: the client of {@code consume}, opened as {@code consume} opens it, with each
 * delivery acked at once and nothing kept.
 */
public final class AckOnly {

  static final int MOST_AT_ONCE = 10_000;

  private AckOnly() {}

  /**
   * Runs until it is ended, or has acked so many.
   *
   * @param args those of every contestant; then how to pull, as {@link PullMode} has it, and, if it
   *     is to end, after how many messages
   */
  public static void main(String[] args) throws InterruptedException {
    Job job = Job.of(args);
    PullMode pullMode = PullMode.valueOf(args[3]);
    long left = args.length > 4 ? Long.parseLong(args[4]) : Long.MAX_VALUE;
    try (MessageSource source = open(job, pullMode)) {
      while (left > 0) {
        List<Delivery> deliveries =
            source.receive((int) Math.min(left, MOST_AT_ONCE), Duration.ofSeconds(1));
        deliveries.forEach(Delivery::ack);
        left -= deliveries.size();
      }
    }
  }

  /** As {@code consume} opens it. */
  static MessageSource open(Job job, PullMode pullMode) throws InterruptedException {
    return PubSubSource.open(
        PubSubServer.emulator(job.endpoint()),
        PubSubOptions.of("", job.subscription()).withPullMode(pullMode),
        ByteBudget.ofHeap());
  }
}
