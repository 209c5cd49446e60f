package io.github.miniscan.cli.output;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Standard output for many results: buffered, and ends with the first failure. */
public final class ResultStream extends Writer {

  private static final int BUFFER = 1 << 16;

  private final PrintWriter out;

  private ResultStream(PrintWriter out) {
    this.out = out;
  }

  /** A buffered writer on this one, which stays open. */
  public static Writer on(PrintWriter out) {
    return new BufferedWriter(new ResultStream(out), BUFFER);
  }

  @Override
  public void write(char[] buffer, int offset, int length) throws IOException {
    out.write(buffer, offset, length);
    check();
  }

  @Override
  public void flush() throws IOException {
    check();
  }

  private void check() throws IOException {
    if (out.checkError()) {
      throw new OutputException();
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
