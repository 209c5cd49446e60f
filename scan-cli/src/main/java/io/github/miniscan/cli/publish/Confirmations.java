package io.github.miniscan.cli.publish;

import io.github.miniscan.cli.options.UserException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Which of the published messages the server has confirmed. Safe for use by several threads. */
final class Confirmations {

  private long expected;
  private long confirmed;
  private long failed;
  private @Nullable Throwable failure;

  /** Takes note of one more message that is on its way. */
  void expect(CompletableFuture<String> published) {
    synchronized (this) {
      expected++;
    }
    published.whenComplete((id, failed) -> settle(failed));
  }

  private synchronized void settle(@Nullable Throwable reason) {
    if (reason == null) {
      confirmed++;
    } else {
      failed++;
      failure = failure == null ? reason : failure;
    }
    notifyAll();
  }

  /** Waits until each message is confirmed or has failed. */
  synchronized void await() throws InterruptedException {
    while (confirmed + failed < expected) {
      wait();
    }
  }

  synchronized long confirmed() {
    return confirmed;
  }

  synchronized boolean hasFailed() {
    return failed > 0;
  }

  /**
   * Ends with the first failure, if there is one.
   *
   * @throws UserException when at least one message was not published
   */
  synchronized void check() {
    if (failure != null) {
      throw new UserException(
          failed + " of " + expected + " messages were not published: " + failure.getMessage(),
          failure);
    }
  }
}
