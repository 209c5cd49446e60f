package io.github.miniscan.cli;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;

/** What {@code consume} writes to standard error about a message, as its own log writes it. */
public final class LogLines {

  private static final ByteArrayOutputStream WRITTEN = new ByteArrayOutputStream();
  private static final PrintStream ERR = new PrintStream(WRITTEN, true, StandardCharsets.UTF_8);

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

  /** What is logged about a dead letter, and about a store that fails with this sentence. */
  public static String of(Message message, Reason reason, String detail) {
    PrintStream before = System.err;
    System.setErr(ERR);
    try {
      ConsumeLog log = new ConsumeLog(System::nanoTime);
      log.rejected(message, reason, detail);
      log.storeDown(new IllegalStateException(detail), Duration.ZERO, Duration.ZERO);
      ERR.flush();
      return WRITTEN.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(before);
      WRITTEN.reset();
    }
  }
}
