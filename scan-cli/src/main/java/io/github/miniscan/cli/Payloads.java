package io.github.miniscan.cli;

import io.github.miniscan.VisibleText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What to publish, one after the other. */
@FunctionalInterface
interface Payloads extends AutoCloseable {

  /** The next payload; null when there is no more. */
  byte @Nullable [] next() throws IOException;

  @Override
  default void close() throws IOException {}

  /**
   * The lines of a file; {@code -} is standard input. Empty lines are passed over.
   *
   * @param base64 whether each line is base64
   */
  static Payloads ofLines(String file, boolean base64) throws IOException {
    BufferedReader lines = open(file);
    return new Payloads() {
      private long number;

      @Override
      public byte @Nullable [] next() throws IOException {
        String line = lines.readLine();
        number++;
        while (line != null && line.isEmpty()) {
          line = lines.readLine();
          number++;
        }
        return line == null ? null : base64 ? decode(line) : bytes(line);
      }

      private byte[] decode(String line) {
        try {
          return Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
          throw new UserException(
              "line " + number + " of " + VisibleText.of(file) + " is not base64", e);
        }
      }

      @Override
      public void close() throws IOException {
        lines.close();
      }
    };
  }

  /** Each char stands for the byte of that value, so that every byte of the file comes through. */
  private static byte[] bytes(String line) {
    return line.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static BufferedReader open(String file) throws IOException {
    try {
      InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
      return new BufferedReader(
          new java.io.InputStreamReader(in, StandardCharsets.ISO_8859_1), 1 << 16);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new UserException("no such file: " + VisibleText.of(file), e);
    }
  }
}
