package io.github.miniscan.cli.consume;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.cli.options.Logging;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.IngestClock;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.WriteResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;

/** The lines that {@code consume} writes to standard error, as its own log writes them. */
public final class LogLines {

  private static final ByteArrayOutputStream WRITTEN = new ByteArrayOutputStream();
  private static final PrintStream ERR = new PrintStream(WRITTEN, true, StandardCharsets.UTF_8);
  private static final IngestOptions ONE = IngestOptions.defaults().withMaxDeliveries(1);

  private LogLines() {}

  /**
   * Begins to log in a format, in place of the one before.
   *
   * @param format as {@code --log-format} has it
   */
  public static void start(String format) {
    PrintStream before = System.err;
    // The program's own, whatever else is on the class path.
    System.setProperty("slf4j.provider", "ch.qos.logback.classic.spi.LogbackServiceProvider");
    System.setErr(ERR);
    try {
      Logging logging = new Logging();
      new CommandLine(logging)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs("--log-format", format, "--verbose");
      logging.start();
    } finally {
      System.setErr(before);
      WRITTEN.reset();
    }
  }

  /**
   * Returns the lines that a run writes whose only message becomes a dead letter, in a store that
   * fails once.
   *
   * @param detail the sentence of the dead letter, and of the store's failure
   */
  public static String of(Message message, Reason reason, String detail) {
    PrintStream before = System.err;
    System.setErr(ERR);
    try {
      Decoder<String> decoder =
          rejected -> {
            throw new RejectedException(reason, detail);
          };
      IngestEngine.builder(new Single(message), decoder, new FailingOnce(detail))
          .options(ONE)
          .clock(new NoWait())
          .listener(new ConsumeLog(System::nanoTime))
          .withoutLogging()
          .build()
          .run();
      ERR.flush();
      return WRITTEN.toString(StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      throw new IllegalStateException("a run without a wait was interrupted", e);
    } finally {
      System.setErr(before);
      WRITTEN.reset();
    }
  }

  /** One delivery. */
  private record Single(Message message) implements MessageSource, Delivery {
    @Override
    public List<Delivery> receive(int maxDeliveries, Duration maxWait) {
      return List.of(this);
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void stop() {}

    @Override
    public void close() {}

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public void ack() {}

    @Override
    public void nack() {}
  }

  private static final class FailingOnce implements BatchWriter<String> {
    private final String sentence;
    private boolean failed;

    FailingOnce(String sentence) {
      this.sentence = sentence;
    }

    @Override
    public WriteResult write(Batch<String> batch) {
      if (!failed) {
        failed = true;
        throw new IllegalStateException(sentence);
      }
      return WriteResult.of(0, 0);
    }
  }

  private static final class NoWait implements IngestClock {
    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public boolean await(CountDownLatch latch, Duration longest) {
      return false;
    }
  }
}
