package io.github.miniscan.cli.demo;

import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.options.Logging;
import io.github.miniscan.cli.options.Pacer;
import io.github.miniscan.cli.options.Stores;
import io.github.miniscan.cli.options.UserException;
import io.github.miniscan.cli.options.WaitConverter;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.output.Terminal;
import io.github.miniscan.cli.start.Launcher;
import io.github.miniscan.cli.start.StopSignals;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.pubsub.PubSubOptions;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PubSubSource;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreLocation;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything at once, with nothing to set up. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows it all at work: a Pub/Sub server, a scanner and a consumer in one process, on a free"
          + " port and with a store of their own. Needs nothing, and ends by itself or on Ctrl-C.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  scan demo", "  scan demo --for 10s --store demo.db"})
public final class DemoCommand implements Callable<Integer> {

  private static final int KEYS = 40;
  private static final Duration LAST_SCANS = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = WaitConverter.class,
      defaultValue = "30s",
      description = "How long, as in 10s or 2m. Default: ${DEFAULT-VALUE}.")
  private Duration length = Duration.ZERO;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many scans a second. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      converter = Stores.Converter.class,
      description =
          "Where to keep the records. Default: a temporary folder, which stays until the next demo.")
  private @Nullable StoreLocation location;

  @Mixin private Logging logging = new Logging();

  @Override
  public Integer call() throws InterruptedException, IOException {
    Pacer pacer = Pacer.ofRate(spec.commandLine(), rate);
    logging.start();
    StoreLocation place =
        location != null ? location : Stores.sqlite(DemoFolder.create().resolve("scans.db"));
    CountDownLatch ended = new CountDownLatch(1);
    StopSignals.onFirst(ended::countDown);
    PrintWriter err = spec.commandLine().getErr();
    try (ScanStore store = place.openOrCreate(Duration.ofSeconds(10));
        PubSubEmulator emulator = PubSubEmulator.start()) {
      emulator.createKit();
      PubSubServer server = PubSubServer.emulator(emulator.endpoint());
      DemoReport report = new DemoReport(store, err, Ansi.AUTO, Terminal.width());
      try (MessageSource source = PubSubSource.open(server, subscription(), ByteBudget.ofHeap());
          PubSubPublisher publisher =
              PubSubPublisher.open(server, PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_TOPIC)) {
        IngestEngine<ScanRecord> engine =
            IngestEngine.builder(source, new JsonScanDecoder(), report).build();
        err.println("A scanner publishes to a Pub/Sub server on " + emulator.endpoint() + ".");
        err.println("A consumer keeps one record for each (ip, port, service).");
        err.println("Each line is one scan, once it is durable. Ctrl-C ends it.");
        Thread scanner = new Thread(() -> scan(publisher, pacer, ended, engine), "scanner");
        scanner.setDaemon(true);
        scanner.start();
        IngestCounts counts = engine.run();
        summarize(counts, store, place, report.lastKept());
      }
    } catch (IOException e) {
      throw new UserException("the demo can not start its server: " + e.getMessage(), e);
    }
    return ExitStatus.DONE;
  }

  private static PubSubOptions subscription() {
    return PubSubOptions.of(PubSubEmulator.KIT_PROJECT, PubSubEmulator.KIT_SUBSCRIPTION);
  }

  /** Publishes until the time is over, lets the consumer finish, and stops it. */
  private void scan(
      PubSubPublisher publisher,
      Pacer pacer,
      CountDownLatch ended,
      IngestEngine<ScanRecord> engine) {
    TrafficGenerator traffic =
        new TrafficGenerator(
            TrafficOptions.realistic(System.nanoTime())
                .withBaseTime(Instant.now())
                .withKeys(KEYS)
                .withMalformed(0.04)
                .withDuplicates(0.05)
                .withLate(0.05));
    long published = 0;
    long start = System.nanoTime();
    try {
      while (System.nanoTime() - start < length.toNanos()
          && !ended.await(pacer.nanosUntil(published), TimeUnit.NANOSECONDS)) {
        publisher.publish(traffic.next().payload(), Map.of());
        published++;
      }
      publisher.flush();
      long patience = System.nanoTime() + LAST_SCANS.toNanos();
      while (engine.counts().settled() < published && System.nanoTime() < patience) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      engine.stop();
    }
  }

  private void summarize(
      IngestCounts counts, ScanStore store, StoreLocation place, Optional<ScanKey> example) {
    PrintWriter out = spec.commandLine().getOut();
    long records;
    try (Stream<ScanRecord> all = store.find(ScanQuery.all())) {
      records = all.count();
    }
    out.printf(
        "%d scans: %d changed a record, %d were stale, %d became dead letters.%n",
        counts.settled(), counts.stored(), counts.stale(), counts.deadLetters());
    out.printf("%d records in %s%n", records, place);
    if (location == null) {
      out.println("(they stay there until the next demo; --store keeps them elsewhere)");
    }
    out.println("Next, try:");
    String quotedStore = Launcher.quoted(place.toString());
    example.ifPresent(
        key ->
            out.println(
                "  " + Launcher.command() + " query --store " + quotedStore + " --ip " + key.ip()));
    out.println("  " + Launcher.command() + " dead-letters list --store " + quotedStore);
    out.flush();
  }
}
