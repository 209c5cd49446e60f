package io.github.miniscan.cli.consume;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.options.DurationConverter;
import io.github.miniscan.cli.options.Logging;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.options.WaitConverter;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.output.StandardOutput;
import io.github.miniscan.cli.start.StopSignals;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.format.JsonText;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.IngestOptions;
import io.github.miniscan.ingest.MessageSource;
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
public final class ConsumeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private StoreOption store = new StoreOption();

  @Option(
      names = "--max-messages",
      paramLabel = "N",
      description = "Settle exactly this many deliveries, hand the rest back, and stop.")
  private @Nullable Long maxMessages;

  @Option(
      names = "--until-idle",
      paramLabel = "DURATION",
      converter = WaitConverter.class,
      description = "Stop once connected and nothing has arrived for that long.")
  private @Nullable Duration untilIdle;

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      converter = WaitConverter.class,
      defaultValue = "30s",
      description =
          "How long to try to reach the server and to open the store at the start. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration connectTimeout = Duration.ZERO;

  @Option(
      names = "--give-up-after",
      paramLabel = "DURATION",
      converter = WaitConverter.class,
      description = "End with status 3 when the store was down that long. Default: never.")
  private @Nullable Duration giveUpAfter;

  @Option(
      names = "--stop-within",
      paramLabel = "DURATION",
      converter = WaitConverter.class,
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

  @Mixin private Logging logging = new Logging();

  @Override
  public Integer call() throws InterruptedException {
    IngestOptions ingest = ingestOptions();
    SourceLocation deliveries = source.location(connectTimeout);
    logging.start();
    Run run = new Run(spec.commandLine().getOut(), spec.commandLine().getErr());
    StopSignals.onFirst(run::stop);
    try (ScanStore opened = store.location().openOrCreate(connectTimeout);
        MessageSource connected = deliveries.open(ByteBudget.ofHeap())) {
      run.start(
          IngestEngine.builder(
                  connected, new JsonScanDecoder(maxSkew, InstantSource.system()), opened)
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
  public static void printNothingSettled(PrintWriter out) {
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
    private final PrintWriter err;
    private @Nullable IngestEngine<ScanRecord> engine;
    private boolean stopped;

    Run(PrintWriter out, PrintWriter err) {
      this.out = out;
      this.err = err;
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
        boolean arrived = StandardOutput.hasArrived(out, err);
        Runtime.getRuntime().halt(arrived ? ExitStatus.DONE : ExitStatus.FAILED);
      }
    }

    synchronized void printCounts() {
      print(out, engine == null ? IngestCounts.ZERO : engine.counts());
    }
  }
}
