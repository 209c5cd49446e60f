package io.github.miniscan.embedding;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.pubsub.PubSubOptions;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PubSubSource;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** The README's example as a program; the README shows the lines between the two marks. */
public final class EmbeddingExample {

  private EmbeddingExample() {}

  /**
   * Runs until a signal ends it.
   *
   * @param args the emulator's address and the store's file
   */
  public static void main(String[] args) throws InterruptedException {
    run(PubSubServer.emulator(args[0]), Path.of(args[1]));
  }

  @SuppressWarnings("try") // The hook closes the source while the other thread is still in the try.
  static void run(PubSubServer server, Path file) throws InterruptedException {
    // README begins
    PubSubOptions options = PubSubOptions.of("test-project", "scan-sub");
    try (ScanStore store = SqliteScanStore.open(file);
        MessageSource source = PubSubSource.open(server, options, ByteBudget.ofHeap())) {
      IngestEngine<ScanRecord> engine =
          IngestEngine.builder(source, new JsonScanDecoder(), store).build();
      Runnable stop =
          () -> {
            engine.stop();
            engine.awaitEnd(Duration.ofSeconds(10)); // the batch in hand is written, or handed back
            source.close(); // so is everything else
          };
      Runtime.getRuntime().addShutdownHook(new Thread(stop));

      IngestCounts counts = engine.run(); // in this thread, until engine.stop()

      System.out.println(counts.settled() + " messages settled, " + counts.stored() + " stored");
      ScanFilter host = ScanFilter.all().withIp(IpAddress.parse("1.1.1.1"));
      try (Stream<ScanRecord> records = store.find(ScanQuery.of(host))) {
        records.forEach(record -> System.out.println(record.key() + " " + record.response()));
      }
    }
    // README ends
  }
}
