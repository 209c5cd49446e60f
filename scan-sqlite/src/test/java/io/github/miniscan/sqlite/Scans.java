package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Scans for tests, and the steps that most of them take. */
final class Scans {

  private Scans() {}

  static ScanRecord scan(String ip, int port, long scannedAt, String response) {
    return scan(ip, port, scannedAt, response.getBytes(StandardCharsets.UTF_8));
  }

  static ScanRecord scan(String ip, int port, long scannedAt, byte[] response) {
    ScanKey key = new ScanKey(IpAddress.parse(ip), port, "HTTP");
    return ScanRecord.ofScan(key, scannedAt, Response.ofBytes(response));
  }

  static WriteResult write(ScanStore store, ScanRecord... records) {
    Message message = new Message("", new byte[0], Map.of(), null);
    return store.write(
        Batch.of(
            Stream.of(records).map(record -> new Decoded<>(message, record)).toList(), List.of()));
  }

  static void keep(ScanStore store, DeadLetter... letters) {
    store.write(Batch.of(List.of(), List.of(letters)));
  }

  static List<ScanRecord> all(ScanStore store) {
    try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
      return records.toList();
    }
  }

  static List<DeadLetter> letters(ScanStore store) {
    try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return letters.toList();
    }
  }
}
