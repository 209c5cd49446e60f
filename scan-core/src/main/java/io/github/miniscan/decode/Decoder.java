package io.github.miniscan.decode;

import io.github.miniscan.Message;

/**
 * Makes a record of a message.
 *
 * <p>A decoder is a pure function of the message: no I/O, no state, safe for use by several threads
 * at once. Whatever it throws concerns this message alone; everything but a {@link
 * RejectedException} counts as an {@link io.github.miniscan.Reason#INTERNAL_ERROR}.
 *
 * @param <R> the record type
 */
@FunctionalInterface
public interface Decoder<R> {

  /**
   * The record that the message carries.
   *
   * @throws RejectedException when the message can not become a record
   */
  R decode(Message message) throws RejectedException;
}
