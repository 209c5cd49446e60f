package io.github.miniscan.store;

/**
 * The store works, but refuses a record of this batch and always will, because it is too large for
 * instance. The engine isolates that record and makes it a dead letter.
 */
public class RecordRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with the store's words, harmless to show, and its cause. */
  public RecordRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
