package io.github.miniscan.pubsub;

import java.time.Duration;

/**
 * Fetches messages while there is room. Its methods are called by the source's thread, except
 * {@link #awaitEnd} and {@link #isIdle}.
 */
interface Puller {

  void start();

  /** Continues, since there is room again. */
  void resume();

  /** Ends all calls under way and starts again, since the server was silent and is back. */
  void restart();

  /** Checks for calls that the server does not answer. Called at each heartbeat. */
  void ping();

  /**
   * Returns whether the queue was empty by the last answer, as far as that is known, and no other
   * answer is arriving. Safe from any thread.
   */
  boolean isIdle();

  /** Asks for no more messages. Those on their way are handed back as they arrive. */
  void stop();

  /** Waits, after {@link #stop}, until no message is on its way or time is over. */
  void awaitEnd(Duration longest) throws InterruptedException;
}
