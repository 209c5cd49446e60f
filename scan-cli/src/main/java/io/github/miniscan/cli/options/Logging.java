package io.github.miniscan.cli.options;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.github.miniscan.VisibleText;
import io.github.miniscan.cli.start.SilentLogging;
import io.github.miniscan.format.SafeJson;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Option;

/**
 * How a command that runs for long logs: to standard error, as UTF-8, with strangers' control
 * characters in visible form.
 */
public final class Logging {

  enum Style {
    TEXT,
    JSON
  }

  /** These report each lost connection, which we report ourselves, once and in a sentence. */
  private static final List<String> NOISY = List.of("io.grpc", "io.netty", "com.google");

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      converter = StyleConverter.class,
      description = "How to write logs: text, or json for one object a line. Default: text.")
  private Style style = Style.TEXT;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log more, and stack traces too.")
  private boolean verbose;

  /** Begins; what libraries log through java.util.logging comes along. */
  public void start() {
    SilentLogging.end();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    Encoder<ILoggingEvent> encoder = style == Style.JSON ? jsonEncoder() : textEncoder();
    encoder.setContext(context);
    encoder.start();
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(verbose ? Level.INFO : Level.WARN);
    root.addAppender(appender);
    context.getLogger("scan").setLevel(verbose ? Level.DEBUG : Level.INFO);
    context.getLogger("io.github.miniscan").setLevel(verbose ? Level.DEBUG : Level.INFO);
    NOISY.forEach(name -> context.getLogger(name).setLevel(verbose ? Level.INFO : Level.OFF));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private Encoder<ILoggingEvent> textEncoder() {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(new Lines(verbose));
    return encoder;
  }

  private static Encoder<ILoggingEvent> jsonEncoder() {
    JsonEncoder encoder = new SafeJsonEncoder();
    encoder.setWithArguments(false);
    encoder.setWithContext(false);
    encoder.setWithFormattedMessage(true);
    encoder.setWithMessage(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithSequenceNumber(false);
    return encoder;
  }

  private static final class StyleConverter extends ChoiceConverter<Style> {
    StyleConverter() {
      super(Style.class);
    }
  }

  /** Time in UTC, level, message. */
  private static final class Lines extends LayoutBase<ILoggingEvent> {
    private final boolean traces;

    Lines(boolean traces) {
      this.traces = traces;
      start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
      StringBuilder line = new StringBuilder(160);
      line.append(event.getInstant().truncatedTo(ChronoUnit.SECONDS));
      line.append(' ').append(event.getLevel()).append(' ');
      line.append(VisibleText.of(event.getFormattedMessage())).append('\n');
      IThrowableProxy throwable = event.getThrowableProxy();
      if (traces && throwable != null) {
        ThrowableProxyUtil.asString(throwable)
            .lines()
            .forEach(row -> line.append("  ").append(VisibleText.of(row.strip())).append('\n'));
      }
      return line.toString();
    }
  }

  /** Logback's JSON, of which the escapes cover the control characters below U+0020 only. */
  private static final class SafeJsonEncoder extends JsonEncoder {
    @Override
    public byte[] encode(ILoggingEvent event) {
      String json = new String(super.encode(event), StandardCharsets.UTF_8);
      return SafeJson.escape(json).getBytes(StandardCharsets.UTF_8);
    }
  }
}
