package io.github.miniscan.cli.publish;

import io.github.miniscan.cli.options.ChoiceConverter;
import io.github.miniscan.cli.options.Logging;
import io.github.miniscan.cli.options.Pacer;
import io.github.miniscan.cli.options.ServerOptions;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.start.StopSignals;
import io.github.miniscan.format.JsonText;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.traffic.ToyScanner;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Publishes scans, made up or from a file. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = {
      "Publishes scans to a topic: random ones like the kit's scanner, traffic with everything that"
          + " goes wrong, or a file. Prints {\"published\":N} when it ends.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  scan publish --emulator localhost:8085                      one random scan a second",
      "  scan publish --emulator localhost:8085 --rate 500",
      "  scan publish --emulator localhost:8085 --traffic nasty --seed 7 --count 20000",
      "  scan publish --emulator localhost:8085 --file messages.jsonl"
    })
public final class PublishCommand implements Callable<Integer> {

  /** Kinds of made-up traffic. */
  enum Traffic {
    KIT,
    REALISTIC,
    NASTY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      defaultValue = "scan-topic",
      description = "The topic. Default: ${DEFAULT-VALUE}.")
  private String topic = "";

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "How many messages a second, 0 for as fast as possible. Default: 1, or as fast as possible"
              + " with --count or --file.")
  private @Nullable Double rate;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many messages. Default: until it is stopped, or the end of the file.")
  private @Nullable Long count;

  @Option(
      names = "--traffic",
      paramLabel = "KIND",
      converter = TrafficConverter.class,
      description =
          "What to make up: ${COMPLETION-CANDIDATES}. kit: random scans as the kit's scanner sends"
              + " them; realistic: with updates and a little that is late or malformed; nasty:"
              + " repetitions, late scans, ties, odd spellings and every kind of malformed message."
              + " Default: kit.")
  private Traffic traffic = Traffic.KIT;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed makes up the same messages. Default: another each time.")
  private @Nullable Long seed;

  @Option(
      names = "--malformed",
      paramLabel = "SHARE",
      description =
          "The share of malformed messages: 0 to 0.969 in realistic traffic, 0 to 0.6 in nasty"
              + " traffic.")
  private @Nullable Double malformed;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "The number of distinct keys in realistic or nasty traffic.")
  private @Nullable Integer keys;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Publish each line of this file as one message; - is standard input. What is compressed"
              + " by gzip is decompressed.")
  private @Nullable String file;

  @Option(
      names = "--base64",
      description = "The lines of the file are base64: for messages that are not text.")
  private boolean base64;

  @Mixin private Logging logging = new Logging();

  @Override
  public Integer call() throws InterruptedException, IOException {
    checkOptionsFit();
    long limit = limit();
    boolean unhurried = rate == null && count == null && file == null;
    Pacer pacer = Pacer.ofRate(spec.commandLine(), rate != null ? rate : unhurried ? 1 : 0);
    logging.start();
    CountDownLatch ended = new CountDownLatch(1);
    StopSignals.onFirst(ended::countDown);
    Confirmations confirmations = new Confirmations();
    try (Payloads payloads = payloads();
        PubSubPublisher publisher = open()) {
      try {
        publish(payloads, publisher, pacer, limit, ended, confirmations);
      } finally {
        publisher.flush();
        confirmations.await();
        print(confirmations.confirmed());
      }
    }
    confirmations.check();
    return ExitStatus.DONE;
  }

  /** Ends early after a failure: what failed once for good would fail again. */
  private void publish(
      Payloads payloads,
      PubSubPublisher publisher,
      Pacer pacer,
      long limit,
      CountDownLatch ended,
      Confirmations confirmations)
      throws IOException, InterruptedException {
    long lastProgress = System.nanoTime();
    for (long sent = 0; sent < limit && !confirmations.hasFailed(); sent++) {
      byte[] payload = payloads.next();
      if (payload == null || ended.await(pacer.nanosUntil(sent), TimeUnit.NANOSECONDS)) {
        return;
      }
      confirmations.expect(publisher.publish(payload, Map.of()));
      long now = System.nanoTime();
      if (now - lastProgress > PROGRESS_NANOS) {
        lastProgress = now;
        spec.commandLine().getErr().println(confirmations.confirmed() + " published");
      }
    }
  }

  private void print(long published) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(JsonText.ofCounts(Map.of("published", published)));
    out.flush();
  }

  private PubSubPublisher open() throws InterruptedException {
    try {
      return PubSubPublisher.open(server.server(), server.project(), topic);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private long limit() {
    if (count == null) {
      return Long.MAX_VALUE;
    }
    if (count < 0) {
      throw new ParameterException(
          spec.commandLine(), "--count out of range: " + count + " (0 or more)");
    }
    return count;
  }

  /** An option that would do nothing is a mistake, not a wish. */
  private void checkOptionsFit() {
    boolean generated = file == null && traffic != Traffic.KIT;
    if (!generated && (malformed != null || keys != null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--malformed and --keys go with --traffic realistic or --traffic nasty");
    }
    if (base64 && file == null) {
      throw new ParameterException(spec.commandLine(), "--base64 goes with --file");
    }
  }

  private Payloads payloads() {
    if (file != null) {
      return LinesOfFile.open(file, base64);
    }
    long chosen = seed != null ? seed : System.nanoTime();
    if (traffic == Traffic.KIT) {
      ToyScanner scanner = new ToyScanner(chosen, InstantSource.system());
      return scanner::next;
    }
    TrafficGenerator generator = new TrafficGenerator(trafficOptions(chosen));
    return () -> generator.next().payload();
  }

  /** With a seed the messages are the same each time; without one they are of the present. */
  private TrafficOptions trafficOptions(long chosen) {
    TrafficOptions options =
        traffic == Traffic.NASTY ? TrafficOptions.nasty(chosen) : TrafficOptions.realistic(chosen);
    if (seed == null) {
      options = options.withBaseTime(Instant.now());
    }
    return withKeys(withMalformed(options));
  }

  private TrafficOptions withMalformed(TrafficOptions options) {
    if (malformed == null) {
      return options;
    }
    // The other kinds keep their shares.
    BigDecimal most =
        Stream.of(options.duplicates(), options.ties(), options.late())
            .map(BigDecimal::valueOf)
            .reduce(BigDecimal.ONE, BigDecimal::subtract);
    if (!(malformed >= 0 && malformed <= most.doubleValue())) {
      throw new ParameterException(
          spec.commandLine(),
          "--malformed out of range: "
              + malformed
              + " (0 to "
              + most.toPlainString()
              + " with --traffic "
              + traffic
              + ")");
    }
    return options.withMalformed(malformed);
  }

  private TrafficOptions withKeys(TrafficOptions options) {
    if (keys == null) {
      return options;
    }
    if (keys < 1) {
      throw new ParameterException(
          spec.commandLine(), "--keys out of range: " + keys + " (1 or more)");
    }
    return options.withKeys(keys);
  }

  private static final class TrafficConverter extends ChoiceConverter<Traffic> {
    TrafficConverter() {
      super(Traffic.class);
    }
  }
}
