package io.github.miniscan.sqlite;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.IngestCounts;
import io.github.miniscan.ingest.IngestEngine;
import io.github.miniscan.ingest.MessageSource;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The example of the README, which shows what stands between the two marks. */
final class EmbeddingExample {

  private EmbeddingExample() {}

  static void run(MessageSource source, Path file) throws InterruptedException {
    // README begins
    try (ScanStore store = SqliteScanStore.open(file)) {
      IngestEngine<ScanRecord> engine =
          IngestEngine.builder(source, new JsonScanDecoder(), store).build();
      Runtime.getRuntime().addShutdownHook(new Thread(engine::stop));

      IngestCounts counts = engine.run(); // in this thread, until engine.stop()

      System.out.println(counts.settled() + " messages settled, " + counts.stored() + " stored");
      ScanQuery query = ScanQuery.of(ScanFilter.all().withIp(IpAddress.parse("1.1.1.1")));
      try (Stream<ScanRecord> records = store.find(query)) {
        records.forEach(record -> System.out.println(record.key() + " " + record.response()));
      }
    }
    // README ends
  }
}
