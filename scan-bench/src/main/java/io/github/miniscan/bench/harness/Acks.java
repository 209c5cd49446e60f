package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Server.Mark;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Waits until a contestant has acked so much, and notices when it never will. */
final class Acks {

  private static final long POLL_MILLIS = 250;
  private static final Duration STALLED = Duration.ofSeconds(60);

  private Acks() {}

  /**
   * Waits for a number of acks.
   *
   * @return how many there were when it was first seen that they are enough, and when
   * @throws HarnessException when the contestant ended, or acked nothing for a minute
   */
  static Mark await(Server server, ChildProcess contestant, String subscription, long wanted)
      throws IOException {
    return await(server, contestant, subscription, wanted, mark -> {});
  }

  /** As above, and shows each count that is seen meanwhile, four a second. */
  static Mark await(
      Server server, ChildProcess contestant, String subscription, long wanted, Consumer<Mark> seen)
      throws IOException {
    Mark mark = server.acked(subscription, wanted, POLL_MILLIS);
    Mark progress = mark;
    while (mark.count() < wanted) {
      seen.accept(mark);
      if (!contestant.isAlive()) {
        throw contestant.died();
      }
      if (mark.nanos() - progress.nanos() > STALLED.toNanos()) {
        throw new HarnessException(
            "stalled: %,d of %,d messages acked, and no more for %d seconds"
                .formatted(mark.count(), wanted, STALLED.toSeconds()));
      }
      mark = server.acked(subscription, wanted, POLL_MILLIS);
      if (mark.count() > progress.count()) {
        progress = mark;
      }
    }
    return mark;
  }
}
