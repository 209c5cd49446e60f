package io.github.miniscan.sqlite;

import io.github.miniscan.store.UnusableStoreException;

/**
 * A newer version of this program has made or migrated the file, and this one must not touch it.
 */
public final class NewerFileException extends UnusableStoreException {

  private static final long serialVersionUID = 1L;

  NewerFileException(String message) {
    super(message);
  }
}
