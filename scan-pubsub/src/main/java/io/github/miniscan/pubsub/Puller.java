package io.github.miniscan.pubsub;

import java.time.Duration;

/**
 * Fetches messages and lets them arrive, as long as there is room. All is called by the source's
 * thread, except {@link #awaitEnd} and {@link #isIdle}.
 */
interface Puller {

  void start();

  /** There is room again. */
  void resume();

  /** The server was silent and is back: starts anew, whatever is under way. */
  void restart();

  /** A moment in the life of a connection that is otherwise silent. */
  void ping();

  /**
   * Returns whether the queue was empty by the last answer, as far as that is known, and no other
   * answer is arriving. Safe from any thread.
   */
  boolean isIdle();

  /** Asks for no more; what is still on its way is handed back as it arrives. */
  void stop();

  /** After {@link #stop}: waits until nothing is on its way any more, or time is over. */
  void awaitEnd(Duration longest) throws InterruptedException;
}
