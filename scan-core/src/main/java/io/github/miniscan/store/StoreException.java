package io.github.miniscan.store;

import io.github.miniscan.OperatorException;

/**
 * A store can not be opened, read or written at the moment. The message is a sentence for the
 * operator that names the store and what to do.
 */
public class StoreException extends OperatorException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
