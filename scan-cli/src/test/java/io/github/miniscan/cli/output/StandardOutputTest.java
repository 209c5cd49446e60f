package io.github.miniscan.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardOutputTest {

  private final StringWriter err = new StringWriter();

  @Test
  void whatWasWrittenHasArrived() {
    StringWriter written = new StringWriter();
    StandardOutput out = StandardOutput.on(written);
    out.print("hello");

    assertThat(hasArrived(out)).isTrue();
    assertThat(written).hasToString("hello");
    assertThat(err).hasToString("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "Input/output error",
        "Disk quota exceeded",
        "File too large",
        "Bad file descriptor",
        "Stale file handle",
        "Connection reset by peer"
      })
  void eachFailureIsReported(String reason) {
    StandardOutput out = StandardOutput.on(new FailingWriter(new IOException(reason)));
    out.print("hello");

    assertThat(hasArrived(out)).isFalse();
    assertThat(err.toString()).contains(reason).hasLineCount(1);
  }

  @Test
  void aFailureWithoutWordsIsReported() {
    StandardOutput out = StandardOutput.on(new FailingWriter(new IOException()));
    out.print("hello");

    assertThat(hasArrived(out)).isFalse();
  }

  @Test
  void aPipeThatNobodyReadsIsNoFailure() throws IOException {
    Pipe pipe = Pipe.open();
    pipe.source().close();
    StandardOutput out =
        StandardOutput.on(
            new OutputStreamWriter(Channels.newOutputStream(pipe.sink()), StandardCharsets.UTF_8));
    out.print("hello");

    assertThat(hasArrived(out)).isTrue();
    assertThat(out.checkError()).isTrue();
    assertThat(err).hasToString("");
    pipe.sink().close();
  }

  @Test
  void nothingIsWrittenAfterAFailure() {
    FailingWriter writer = new FailingWriter(new IOException("No space left on device"));
    StandardOutput out = StandardOutput.on(writer);
    out.print("hello");
    out.flush();
    writer.failure = null;
    out.print("world");

    assertThat(hasArrived(out)).isFalse();
    assertThat(writer.written).hasToString("");
  }

  private boolean hasArrived(PrintWriter out) {
    return StandardOutput.hasArrived(out, new PrintWriter(err));
  }

  private static final class FailingWriter extends Writer {
    IOException failure;
    final StringBuilder written = new StringBuilder();

    FailingWriter(IOException failure) {
      this.failure = failure;
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      flush();
      written.append(buffer, offset, length);
    }

    @Override
    public void flush() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void close() {}
  }
}
