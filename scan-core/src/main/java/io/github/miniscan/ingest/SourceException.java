package io.github.miniscan.ingest;

import io.github.miniscan.OperatorException;

/**
 * A source can not be opened, or can not go on. The message is a sentence for the operator that
 * names what was asked for and what to do.
 */
public class SourceException extends OperatorException {

  private static final long serialVersionUID = 1L;

  public SourceException(String message) {
    super(message);
  }

  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
