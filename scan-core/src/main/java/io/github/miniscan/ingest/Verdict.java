package io.github.miniscan.ingest;

import io.github.miniscan.Message;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Decoded;
import org.jspecify.annotations.Nullable;

/** What a decoder makes of a message: one of the two. */
record Verdict<R>(
    Message message, @Nullable Decoded<R> decoded, @Nullable RejectedException rejection) {

  static <R> Verdict<R> of(Message message, Decoder<R> decoder) {
    try {
      return new Verdict<>(message, new Decoded<>(message, decoder.decode(message)), null);
    } catch (RejectedException e) {
      return new Verdict<>(message, null, e);
    }
  }
}
