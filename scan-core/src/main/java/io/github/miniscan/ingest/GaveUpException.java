package io.github.miniscan.ingest;

import io.github.miniscan.OperatorException;
import java.time.Duration;

/**
 * The store was down for longer than the engine was told to bear. What was in hand was handed back;
 * nothing is lost.
 */
public final class GaveUpException extends OperatorException {

  private static final long serialVersionUID = 1L;

  GaveUpException(Duration downFor, Exception lastFailure) {
    super(
        "gave up on the store after "
            + downFor.toSeconds()
            + " s: "
            + PersistentWriter.told(lastFailure),
        lastFailure);
  }
}
