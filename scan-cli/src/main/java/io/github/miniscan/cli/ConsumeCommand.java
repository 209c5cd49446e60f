package io.github.miniscan.cli;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.options.DurationConverter;
import io.github.miniscan.cli.options.ServerOptions;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.output.JsonText;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.pubsub.PubSubOptions;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PubSubSource;
import io.github.miniscan.pubsub.PullMode;
import io.github.miniscan.store.ScanStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Keeps a store up to date with a subscription, for months. */
@Command(
    name = "consume",
    mixinStandardHelpOptions = true,
    description = {
      "Takes scans from a Pub/Sub subscription and keeps one record for each (ip, port, service).",
      "",
      "A message is acknowledged only after everything that it caused is durable. It may be"
          + " stopped at any moment, and run several times at once, on one store or on several.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  scan consume --emulator localhost:8085",
      "  scan consume --project my-project --subscription scan-sub --store /data/scans.db",
      "  scan consume --emulator localhost:8085 --until-idle 5s",
      "",
      "Durations are written as 500ms, 5s, 2m, 24h or 7d. When it ends, it prints one line of JSON:",
      "  {\"settled\":N,\"stored\":N,\"stale\":N,\"dead_letters\":N}",
      "Exit status: 0 stopped or done, 1 failed, 2 wrong usage, 3 gave up on the store."
    })
final class ConsumeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--subscription",
      paramLabel = "NAME",
      description = "The subscription. Default: ${DEFAULT-VALUE}.")
  private String subscription = "scan-sub";

  @Mixin private StoreOption store = new StoreOption();

  @Option(
      names = "--max-messages",
      paramLabel = "N",
      description = "Settle exactly this many deliveries, hand the rest back, and stop.")
  private @Nullable Long maxMessages;

  @Option(
      names = "--until-idle",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Stop once connected and nothing has arrived for that long.")
  private @Nullable Duration untilIdle;

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "30s",
      description =
          "How long to try to reach the server and to open the store at the start. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration connectTimeout = Duration.ZERO;

  @Option(
      names = "--give-up-after",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "End with status 3 when the store was down that long. Default: never.")
  private @Nullable Duration giveUpAfter;

  @Option(
      names = "--stop-within",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "8s",
      description =
          "How long a stop may try to write what is in hand, before it is handed back. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration stopWithin = Duration.ZERO;

  @Option(
      names = "--max-skew",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "24h",
      description =
          "How far after its publish time a scan may claim to be; one beyond is a dead letter."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration maxSkew = Duration.ZERO;

  @Option(
      names = "--pull",
      paramLabel = "MODE",
      description =
          "How to pull: ${COMPLETION-CANDIDATES}. Default: auto, which is streaming on Google Cloud"
              + " and unary on an emulator, since Google's emulator goes on feeding the stream of"
              + " a consumer that was killed.")
  private PullMode pullMode = PullMode.AUTO;

  @Mixin private Logging logging = new Logging();

  @Override
  public Integer call() throws InterruptedException {
    IngestOptions ingest = ingestOptions();
    PubSubOptions pubSub = pubSubOptions();
    PubSubServer reached = server.server().withConnectTimeout(connectTimeout);
    logging.start();
    Run run = new Run(spec.commandLine().getOut());
    StopSignals.onFirst(run::stop);
    try (ScanStore opened = store.location().open(connectTimeout);
        MessageSource source = PubSubSource.open(reached, pubSub, ByteBudget.ofHeap())) {
      run.start(
          IngestEngine.builder(source, new JsonScanDecoder(maxSkew, InstantSource.system()), opened)
              .options(ingest)
              .listener(new ConsumeLog(System::nanoTime))
              .withoutLogging()
              .decodeIn(ForkJoinPool.commonPool())
              .build());
    } finally {
      run.printCounts();
    }
    return ExitStatus.DONE;
  }

  private PubSubOptions pubSubOptions() {
    try {
      return PubSubOptions.of(server.project(), subscription).withPullMode(pullMode);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private IngestOptions ingestOptions() {
    IngestOptions options = IngestOptions.defaults().withStopWithin(stopWithin);
    if (maxMessages != null) {
      if (maxMessages < 1) {
        throw new ParameterException(
            spec.commandLine(), "--max-messages out of range: " + maxMessages + " (1 or more)");
      }
      options = options.withMaxDeliveries(maxMessages);
    }
    if (untilIdle != null) {
      options = options.withIdleLimit(untilIdle);
    }
    if (giveUpAfter != null) {
      options = options.withStoreDownLimit(giveUpAfter);
    }
    return options;
  }

  /** What {@code consume} prints when it ended before it began. */
  static void printNothingSettled(PrintWriter out) {
    print(out, IngestCounts.ZERO);
  }

  private static void print(PrintWriter out, IngestCounts counts) {
    Map<String, Long> members = new LinkedHashMap<>();
    members.put("settled", counts.settled());
    members.put("stored", counts.stored());
    members.put("stale", counts.stale());
    members.put("dead_letters", counts.deadLetters());
    out.println(JsonText.ofCounts(members));
    out.flush();
  }

  /** From the first connection to the line of counts; a signal may come at any moment. */
  private static final class Run {
    private final PrintWriter out;
    private @Nullable IngestEngine<ScanRecord> engine;
    private boolean stopped;

    Run(PrintWriter out) {
      this.out = out;
    }

    void start(IngestEngine<ScanRecord> ready) throws InterruptedException {
      synchronized (this) {
        engine = ready;
        if (stopped) {
          ready.stop();
        }
      }
      ready.run();
    }

    /** Before there is an engine nothing is in hand, and opening may take long: end at once. */
    synchronized void stop() {
      stopped = true;
      if (engine != null) {
        engine.stop();
      } else {
        printCounts();
        Runtime.getRuntime().halt(ExitStatus.DONE);
      }
    }

    synchronized void printCounts() {
      print(out, engine == null ? IngestCounts.ZERO : engine.counts());
    }
  }
}
