package io.github.miniscan.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanReader;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Scans, and the steps that write and read them. */
final class Scans {

  private Scans() {}

  static ScanKey key(String ip, int port, String service) {
    return new ScanKey(IpAddress.parse(ip), port, service);
  }

  static ScanRecord scan(ScanKey key, long scannedAt, String response) {
    return ScanRecord.ofScan(key, scannedAt, Response.ofText(response));
  }

  static ScanRecord record(ScanKey key, long first, long last, String response) {
    return new ScanRecord(key, first, last, Response.ofText(response));
  }

  /** Returns the same scan of another host. */
  static ScanRecord onHost(IpAddress host, ScanRecord scan) {
    ScanKey key = new ScanKey(host, scan.key().port(), scan.key().service());
    return new ScanRecord(key, scan.firstScanned(), scan.lastScanned(), scan.response());
  }

  /** Returns scans of few keys in few seconds, whose responses are hard to compare: many ties. */
  static List<ScanRecord> withTies(Random random) {
    List<ScanRecord> scans = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] response = new byte[random.nextInt(4)];
      for (int at = 0; at < response.length; at++) {
        response[at] = (byte) "\0a\177\200\303\251\377".charAt(random.nextInt(7));
      }
      ScanKey key = key("1.1.1.1", random.nextInt(2), random.nextBoolean() ? "\uffee" : "😀");
      long scannedAt = 1_700_000_000L + random.nextInt(2);
      scans.add(ScanRecord.ofScan(key, scannedAt, Response.wrap(response)));
    }
    return scans;
  }

  /** Returns one scan of each of many hosts of one network, the least host first. */
  static List<ScanRecord> ofNetwork(int network, int hosts, long scannedAt) {
    return IntStream.range(0, hosts)
        .mapToObj(
            i ->
                scan(
                    new ScanKey(IpAddress.ofV4(i << 8 | network), 80, "HTTP"),
                    scannedAt,
                    network + " at " + scannedAt))
        .toList();
  }

  /** Returns scans of hosts in ascending order, with random responses of one size. */
  static List<ScanRecord> large(int hosts, int size) {
    Random random = new Random(size);
    return IntStream.range(0, hosts)
        .mapToObj(
            i -> {
              byte[] response = new byte[size];
              random.nextBytes(response);
              ScanKey key = new ScanKey(IpAddress.ofV4(0x01010100 + i), 80, "HTTP");
              return ScanRecord.ofScan(key, 1, Response.wrap(response));
            })
        .toList();
  }

  /** Returns what merging makes of the records, in key order: the reference for every store. */
  static List<ScanRecord> merged(List<ScanRecord> records) {
    TreeMap<ScanKey, ScanRecord> merged = new TreeMap<>();
    records.forEach(record -> merged.merge(record.key(), record, ScanRecord::merge));
    return List.copyOf(merged.values());
  }

  /** Returns the record with a message of its own; equal records have equal messages. */
  static Decoded<ScanRecord> decoded(ScanRecord record) {
    String id =
        record.key().ip()
            + " "
            + record.key().port()
            + " "
            + record.key().service()
            + " "
            + record.firstScanned()
            + " "
            + record.lastScanned()
            + " "
            + record.response().hashCode();
    return new Decoded<>(
        new Message(id, record.response().bytesUncopied(), Map.of(), null), record);
  }

  static Batch<ScanRecord> batch(List<ScanRecord> records) {
    return Batch.of(records.stream().map(Scans::decoded).toList(), List.of());
  }

  static WriteResult write(ScanStore store, ScanRecord... records) {
    return write(store, Arrays.asList(records));
  }

  static WriteResult write(ScanStore store, List<ScanRecord> records) {
    return store.write(batch(records));
  }

  static List<ScanRecord> all(ScanReader store) {
    return find(store, ScanQuery.all());
  }

  static List<ScanRecord> find(ScanReader store, ScanQuery query) {
    try (Stream<ScanRecord> records = store.find(query)) {
      return records.toList();
    }
  }

  /** Asserts that the store holds these records, and no others, in key order. */
  static void assertHolds(ScanReader store, List<ScanRecord> expected) {
    List<ScanRecord> actual = all(store);
    // Thousands of records are no message to a person.
    if (actual.size() > 100 && expected.size() > 100) {
      for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
        assertThat(actual.get(i)).as("record %d", i).isEqualTo(expected.get(i));
      }
      assertThat(actual.size()).as("number of records").isEqualTo(expected.size());
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }
}
