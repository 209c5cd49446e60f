package io.github.miniscan.cli.output;

import io.github.miniscan.VisibleText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, which remembers why it could not be written to. A {@link PrintWriter} alone
 * forgets it, and takes a full disk for a reader that has seen enough.
 */
public final class StandardOutput extends PrintWriter {

  private final Target target;

  private StandardOutput(Target target) {
    super(target);
    this.target = target;
  }

  /** Returns the standard output of this process, as UTF-8 whatever the locale. */
  public static StandardOutput ofProcess() {
    return on(
        new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
  }

  /** Returns an output that writes to this writer. */
  public static StandardOutput on(Writer writer) {
    return new StandardOutput(new Target(writer));
  }

  /**
   * Returns whether everything that was written has arrived, or was not wanted: a reader that has
   * seen enough, as {@code head} has, is no failure. Every other failure is reported.
   *
   * @param err the writer for the sentence that reports the failure
   */
  public static boolean hasArrived(PrintWriter out, PrintWriter err) {
    if (!out.checkError()) {
      return true;
    }
    IOException failure = out instanceof StandardOutput output ? output.target.failure : null;
    if (failure != null && BrokenPipe.isCauseOf(failure)) {
      return true;
    }
    String reason = failure == null ? "unknown reason" : String.valueOf(failure.getMessage());
    err.println(
        "scan: cannot write to standard output: "
            + VisibleText.of(reason)
            + "; what was written is incomplete");
    err.flush();
    return false;
  }

  /** Keeps the first failure, after which nothing more is written: output has no gaps. */
  private static final class Target extends Writer {
    private final Writer writer;
    private @Nullable IOException failure;

    Target(Writer writer) {
      this.writer = writer;
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      attempt(() -> writer.write(buffer, offset, length));
    }

    @Override
    public void flush() throws IOException {
      attempt(writer::flush);
    }

    @Override
    public void close() throws IOException {
      attempt(writer::close);
    }

    private void attempt(Write write) throws IOException {
      if (failure != null) {
        throw failure;
      }
      try {
        write.run();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  private interface Write {
    void run() throws IOException;
  }
}
