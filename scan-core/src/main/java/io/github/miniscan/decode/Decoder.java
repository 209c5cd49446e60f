package io.github.miniscan.decode;

import io.github.miniscan.Message;

/**
 * Makes a record of a message.
 *
 * <p>A decoder is a pure function of the message: no I/O, no state, safe for use by several threads
 * at once. The engine's thread calls it, and the threads of an executor where the engine was given
 * one. An exception concerns this message alone; any but a {@link RejectedException}, and a null
 * result, count as {@link io.github.miniscan.Reason#INTERNAL_ERROR}. Errors of the JVM, a stack
 * overflow aside, end the run.
 *
 * @param <R> the record type
 */
@FunctionalInterface
public interface Decoder<R> {

  /**
   * Returns the record that the message carries, never null.
   *
   * @throws RejectedException when the message cannot become a record
   */
  R decode(Message message) throws RejectedException;
}
