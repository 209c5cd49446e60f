package io.github.miniscan.store;

/**
 * This program will never be able to use the store: a newer version has taken it over, it was
 * opened for reading only, or it is closed. Retrying will not help. The engine hands back the batch
 * and ends.
 */
public class UnusableStoreException extends StoreException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with a sentence for the operator. */
  public UnusableStoreException(String message) {
    super(message);
  }
}
