package io.github.miniscan.store;

/**
 * This program can not use the store, now or ever, as when a newer version has taken it over:
 * trying again is in vain. The engine hands back what it holds and ends.
 */
public class UnusableStoreException extends StoreException {

  private static final long serialVersionUID = 1L;

  public UnusableStoreException(String message) {
    super(message);
  }
}
