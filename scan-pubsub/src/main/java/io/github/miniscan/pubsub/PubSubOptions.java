package io.github.miniscan.pubsub;

import io.github.miniscan.ingest.SourceListener;
import java.util.Objects;

/** The subscription to take deliveries from, and how much to take at a time. Immutable. */
public final class PubSubOptions {

  private static final int PARALLEL_PULLS = 8;
  private static final int MAX_OUTSTANDING = 200_000;

  private final String subscription;
  private final PullMode pullMode;
  private final int parallelPulls;
  private final int maxOutstanding;
  private final SourceListener listener;

  private PubSubOptions(
      String subscription,
      PullMode pullMode,
      int parallelPulls,
      int maxOutstanding,
      SourceListener listener) {
    this.subscription = subscription;
    this.pullMode = pullMode;
    this.parallelPulls = parallelPulls;
    this.maxOutstanding = maxOutstanding;
    this.listener = listener;
  }

  /**
   * Returns the defaults for a subscription: at most 200,000 deliveries, in at most 8 pulls at a
   * time.
   *
   * @param project the project's id; not used when the subscription is given by its full name
   * @param subscription its name, or its full name {@code projects/P/subscriptions/S}
   * @throws IllegalArgumentException when a name is malformed
   */
  public static PubSubOptions of(String project, String subscription) {
    String name = Names.check(Names.full(project, "subscriptions", subscription), "subscriptions");
    return new PubSubOptions(
        name, PullMode.AUTO, PARALLEL_PULLS, MAX_OUTSTANDING, SourceListener.NONE);
  }

  /** Returns these options with another way of pulling. */
  public PubSubOptions withPullMode(PullMode pullMode) {
    Objects.requireNonNull(pullMode, "pullMode");
    return new PubSubOptions(subscription, pullMode, parallelPulls, maxOutstanding, listener);
  }

  /**
   * Returns these options with another number of streams, or of pulls under way at a time. There
   * are fewer where the byte budget is small, since each may bring 10 MB.
   *
   * @param parallelPulls 1 to 64
   * @throws IllegalArgumentException when it is out of range
   */
  public PubSubOptions withParallelPulls(int parallelPulls) {
    if (parallelPulls < 1 || parallelPulls > 64) {
      throw new IllegalArgumentException(
          "parallel pulls out of range: " + parallelPulls + " (1 to 64)");
    }
    return new PubSubOptions(subscription, pullMode, parallelPulls, maxOutstanding, listener);
  }

  /**
   * Returns these options with another limit for the deliveries that are held and not settled,
   * beside the limit in bytes. A response that is on its way may exceed it.
   *
   * @param maxOutstanding 1 or more
   * @throws IllegalArgumentException when it is out of range
   */
  public PubSubOptions withMaxOutstanding(int maxOutstanding) {
    if (maxOutstanding < 1) {
      throw new IllegalArgumentException(
          "outstanding deliveries out of range: " + maxOutstanding + " (1 or more)");
    }
    return new PubSubOptions(subscription, pullMode, parallelPulls, maxOutstanding, listener);
  }

  /** Returns these options with a listener for the events of the source. */
  public PubSubOptions withListener(SourceListener listener) {
    Objects.requireNonNull(listener, "listener");
    return new PubSubOptions(subscription, pullMode, parallelPulls, maxOutstanding, listener);
  }

  String subscription() {
    return subscription;
  }

  PullMode pullMode() {
    return pullMode;
  }

  int parallelPulls() {
    return parallelPulls;
  }

  int maxOutstanding() {
    return maxOutstanding;
  }

  SourceListener listener() {
    return listener;
  }
}
