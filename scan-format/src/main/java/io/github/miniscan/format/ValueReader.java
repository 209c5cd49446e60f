package io.github.miniscan.format;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads values one after the other, without holding them. Not safe for use by several threads.
 *
 * @param <T> the type of the values
 */
public interface ValueReader<T> extends Closeable {

  /**
   * Returns the next value; empty at the end.
   *
   * @throws MalformedTextException when the text is not of this format; reading may go on with the
   *     next value unless {@link MalformedTextException#isLast}
   * @throws IOException when the text cannot be read
   */
  Optional<T> next() throws IOException, MalformedTextException;

  /** Closes the underlying stream. */
  @Override
  void close() throws IOException;
}
