package io.github.miniscan.ingest;

import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Decoded;
import org.jspecify.annotations.Nullable;

/**
 * A delivery together with what it became: a record, or a reason why it cannot become one. One of
 * the two is null.
 */
record Received<R>(
    Delivery delivery, @Nullable Decoded<R> decoded, @Nullable RejectedException rejection) {

  /** Decodes a delivery's message. Throws nothing but errors of the JVM. */
  static <R> Received<R> of(Delivery delivery, Decoder<R> decoder) {
    try {
      R record = decoder.decode(delivery.message());
      return new Received<>(delivery, new Decoded<>(delivery.message(), record), null);
    } catch (RejectedException e) {
      return new Received<>(delivery, null, e);
    }
  }
}
