package io.github.miniscan.sqlite;

import io.github.miniscan.store.StoreException;

/**
 * A newer version of this program has made or migrated the file, and this one must not touch it.
 * Unlike any other {@link StoreException} it does not pass by waiting: end the program.
 */
public final class NewerFileException extends StoreException {

  private static final long serialVersionUID = 1L;

  NewerFileException(String message) {
    super(message);
  }
}
