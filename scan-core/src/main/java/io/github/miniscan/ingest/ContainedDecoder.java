package io.github.miniscan.ingest;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.VisibleText;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;

/**
 * Contains the failures of a decoder: an error raised while decoding one message is that message's
 * rejection, a stack overflow included. Out of memory and other errors of the JVM go through.
 */
final class ContainedDecoder<R> implements Decoder<R> {

  private final Decoder<R> decoder;

  ContainedDecoder(Decoder<R> decoder) {
    this.decoder = decoder;
  }

  @Override
  public R decode(Message message) throws RejectedException {
    R record;
    try {
      record = decoder.decode(message);
    } catch (RejectedException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw internal("decoding failed: " + told(e));
    } catch (VirtualMachineError | LinkageError e) {
      throw e;
    } catch (Throwable e) {
      throw internal("decoding failed: " + told(e));
    }
    if (record == null) {
      throw internal("the decoder returned null");
    }
    return record;
  }

  private static String told(Throwable failure) {
    try {
      return VisibleText.shortened(failure.toString());
    } catch (RuntimeException | StackOverflowError e) {
      return failure.getClass().getName();
    }
  }

  private static RejectedException internal(String detail) {
    return new RejectedException(Reason.INTERNAL_ERROR, detail);
  }
}
