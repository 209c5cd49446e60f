package io.github.miniscan.pubsub;

/**
 * What to take deliveries from, and how much at a time. Immutable.
 *
 * @param subscription its full name, {@code projects/P/subscriptions/S}
 * @param pullMode how messages are fetched
 * @param parallelPulls the most streams, or pulls under way, at a time; fewer where the byte budget
 *     is small, since each may bring 10 MB
 * @param maxOutstanding the most deliveries held at a time that are not settled, beside the limit
 *     in bytes; what arrives in one piece may exceed it
 */
public record PubSubOptions(
    String subscription, PullMode pullMode, int parallelPulls, int maxOutstanding) {

  /**
   * @throws IllegalArgumentException when a name is malformed or a limit out of its range
   */
  public PubSubOptions {
    Names.check(subscription, "subscriptions");
    if (parallelPulls < 1 || parallelPulls > 64) {
      throw new IllegalArgumentException(
          "parallel pulls out of range: " + parallelPulls + " (1 to 64)");
    }
    if (maxOutstanding < 1) {
      throw new IllegalArgumentException(
          "outstanding deliveries out of range: " + maxOutstanding + " (1 or more)");
    }
  }

  /**
   * The defaults for a subscription: at most 200,000 deliveries, in several pulls at a time.
   *
   * @param project the project's id; not used when the subscription is given by its full name
   * @param subscription its name, or its full name {@code projects/P/subscriptions/S}
   * @throws IllegalArgumentException when a name is malformed
   */
  public static PubSubOptions of(String project, String subscription) {
    return new PubSubOptions(
        Names.full(project, "subscriptions", subscription), PullMode.AUTO, 8, 200_000);
  }

  public PubSubOptions withPullMode(PullMode pullMode) {
    return new PubSubOptions(subscription, pullMode, parallelPulls, maxOutstanding);
  }

  public PubSubOptions withParallelPulls(int parallelPulls) {
    return new PubSubOptions(subscription, pullMode, parallelPulls, maxOutstanding);
  }

  public PubSubOptions withMaxOutstanding(int maxOutstanding) {
    return new PubSubOptions(subscription, pullMode, parallelPulls, maxOutstanding);
  }
}
