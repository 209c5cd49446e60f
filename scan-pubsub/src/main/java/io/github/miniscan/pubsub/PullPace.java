package io.github.miniscan.pubsub;

import java.time.Duration;

/**
 * A limit for the messages that are on their way at once, so that a response arrives within about a
 * second.
 *
 * <p>A message is leased from when the server sends it. On a slow link, responses that are too
 * large or too many would still be arriving when their leases end, and the queue would redeliver
 * them again and again. So the limit grows while responses arrive quickly, as the window of TCP
 * does, and shrinks when one takes longer. Used by the source's thread alone.
 */
final class PullPace {

  private static final Duration LONGEST_TRANSFER = Duration.ofSeconds(1);

  /** The first limit: messages of the usual size take some 20 kB, and no response exceeds 10 MB. */
  private static final int FIRST_LIMIT = 100;

  private final int highestLimit;
  private int limit = FIRST_LIMIT;

  PullPace(int highestLimit) {
    this.highestLimit = highestLimit;
  }

  int limit() {
    return limit;
  }

  /**
   * Learns from a response with messages.
   *
   * @param asked the number of messages that it was allowed to bring
   * @param brought the number that it brought, 1 or more
   * @param parallel the number of responses that shared the link, this one included
   * @param transfer the time from its first byte to its last
   */
  void learn(int asked, int brought, int parallel, Duration transfer) {
    if (transfer.compareTo(LONGEST_TRANSFER) > 0) {
      double fitting =
          (double) brought * parallel * LONGEST_TRANSFER.toNanos() / transfer.toNanos();
      limit = (int) Math.max(1, Math.min(limit, fitting));
    } else if (brought >= asked / 2 && transfer.compareTo(LONGEST_TRANSFER.dividedBy(2)) < 0) {
      limit = Math.min(highestLimit, limit + brought);
    }
  }
}
