package io.github.miniscan.ingest;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.VisibleText;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;

/**
 * Contains what goes wrong in a decoder: an error raised over one message is that message's
 * rejection, a stack overflow included. Out of memory and other errors of the JVM go through.
 */
final class ContainedDecoder<R> implements Decoder<R> {

  private final Decoder<R> decoder;

  ContainedDecoder(Decoder<R> decoder) {
    this.decoder = decoder;
  }

  @Override
  public R decode(Message message) throws RejectedException {
    try {
      return decodeAndTell(message);
    } catch (RejectedException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw internal(e);
    } catch (VirtualMachineError | LinkageError e) {
      throw e;
    } catch (Throwable e) {
      throw internal(e);
    }
  }

  /** The detail may be made only when asked for, and then by the decoder's code. */
  private R decodeAndTell(Message message) throws RejectedException {
    try {
      return decoder.decode(message);
    } catch (RejectedException e) {
      e.detail();
      throw e;
    }
  }

  private static RejectedException internal(Throwable cause) {
    return new RejectedException(
        Reason.INTERNAL_ERROR, "decoding failed: " + VisibleText.shortened(cause.toString()));
  }
}
