package io.github.miniscan.ingest;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import java.time.Duration;

/**
 * Is told what the engine does: for counts, logs and metrics. Called from the engine's thread, so
 * it should be quick; what it throws ends the run.
 */
public interface IngestListener {

  /** Does nothing. */
  IngestListener NONE = new IngestListener() {};

  /**
   * A batch is durable and its deliveries are acked.
   *
   * @param batch what became of this batch's deliveries
   * @param total the same since the run began
   */
  default void batchSettled(IngestCounts batch, IngestCounts total) {}

  /** A delivery is to become a dead letter, which is not durable yet. */
  default void rejected(Message message, Reason reason, String detail) {}

  /**
   * Writing failed; it will be tried again.
   *
   * @param failure what the store said
   * @param downFor since the first failure in a row
   * @param nextTry how long the engine waits now
   */
  default void storeDown(RuntimeException failure, Duration downFor, Duration nextTry) {}

  /** Writing works again, after failures for that long. */
  default void storeUp(Duration downFor) {}

  /** The stop time is over: deliveries in hand were handed back, unwritten. */
  default void handedBack(int deliveries) {}
}
