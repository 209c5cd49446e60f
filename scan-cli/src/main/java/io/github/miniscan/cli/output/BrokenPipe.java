package io.github.miniscan.cli.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Set;

/**
 * Tells a pipe that nobody reads any more from every other failure to write. Java names the failure
 * only in words, and those are the system's, in the language of the locale.
 */
final class BrokenPipe {

  private static final Set<String> IN_ENGLISH =
      Set.of("Broken pipe", "The pipe is being closed", "The pipe has been ended");

  private BrokenPipe() {}

  static boolean isCauseOf(IOException failure) {
    String words = String.valueOf(failure.getMessage());
    return IN_ENGLISH.contains(words) || words.equals(inThisLocale());
  }

  /** Returns what the system says of a pipe that this method breaks. */
  private static String inThisLocale() {
    try {
      Pipe pipe = Pipe.open();
      try (Pipe.SinkChannel sink = pipe.sink()) {
        pipe.source().close();
        sink.write(ByteBuffer.allocate(1));
      }
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    return "";
  }
}
