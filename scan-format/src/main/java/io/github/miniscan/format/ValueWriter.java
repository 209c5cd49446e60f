package io.github.miniscan.format;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;

/**
 * Writes values one after the other, without holding them. Not safe for use by several threads.
 *
 * @param <T> the type of the values
 */
public interface ValueWriter<T> extends Closeable, Flushable {

  /** Writes a value. */
  void write(T value) throws IOException;

  /** Flushes what was written so far, also to the underlying writer. */
  @Override
  void flush() throws IOException;

  /** Completes the text and flushes the underlying writer, which stays open. */
  @Override
  void close() throws IOException;
}
