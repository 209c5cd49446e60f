package io.github.miniscan.store;

import io.github.miniscan.OperatorException;

/**
 * A store cannot be opened, read or written. The message is a sentence for the operator that names
 * the store and what to do.
 */
public class StoreException extends OperatorException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with a sentence for the operator. */
  public StoreException(String message) {
    super(message);
  }

  /** Creates the exception with a sentence for the operator and its cause. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
