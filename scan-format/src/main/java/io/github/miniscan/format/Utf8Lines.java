package io.github.miniscan.format;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a text in strict UTF-8, without a byte order mark at the beginning. */
final class Utf8Lines {

  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private long number;

  Utf8Lines(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER);
  }

  /** Returns the number of the line that was read last; the first one is 1. */
  long number() {
    return number;
  }

  /** Returns the next line without its end; null when there is no more. */
  @Nullable String next() throws IOException, MalformedTextException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    number++;
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(line.toByteArray()))
              .toString();
      return number == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new MalformedTextException(number, "not UTF-8");
    }
  }
}
