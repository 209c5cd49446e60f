package io.github.miniscan.store;

/**
 * The store is well, but refuses a record of this batch and always will: it is too large, say. The
 * engine isolates that record and makes it a dead letter.
 */
public class RecordRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RecordRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
