package io.github.miniscan.ingest;

import io.github.miniscan.OperatorException;

/**
 * A source cannot be opened, or cannot continue. The message is a sentence for the operator that
 * names what was asked for and what to do.
 */
public class SourceException extends OperatorException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with a sentence for the operator. */
  public SourceException(String message) {
    super(message);
  }

  /** Creates the exception with a sentence for the operator and its cause. */
  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
