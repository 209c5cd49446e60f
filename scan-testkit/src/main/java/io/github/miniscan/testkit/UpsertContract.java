package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Scans.all;
import static io.github.miniscan.testkit.Scans.key;
import static io.github.miniscan.testkit.Scans.record;
import static io.github.miniscan.testkit.Scans.scan;
import static io.github.miniscan.testkit.Scans.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules by which a store keeps one record for each key, as tests: an upsert is {@link
 * ScanRecord#merge}, and every value is kept to the byte.
 */
public interface UpsertContract extends StoreCapabilities {

  @Test
  default void keepsWhatAScanSaysToTheByte() {
    ScanRecord scan = scan(key("1.1.1.1", 80, "HTTP"), 1_700_000_000, "hello world");
    try (ScanStore store = open()) {
      write(store, scan);
      assertThat(all(store)).containsExactly(scan);
    }
  }

  @Test
  default void keepsTheNewerScanWhicheverArrivesFirst() {
    ScanKey one = key("1.1.1.1", 80, "HTTP");
    ScanKey two = key("1.1.1.2", 80, "HTTP");
    try (ScanStore store = open()) {
      write(store, scan(one, 100, "old"));
      write(store, scan(one, 200, "new"));
      write(store, scan(two, 200, "new"));
      write(store, scan(two, 100, "old"));
      assertThat(all(store))
          .containsExactly(record(one, 100, 200, "new"), record(two, 100, 200, "new"));
    }
  }

  @Test
  default void lowersFirstScannedByALateScanAndLeavesTheRest() {
    ScanKey key = key("1.1.1.1", 80, "HTTP");
    try (ScanStore store = open()) {
      write(store, scan(key, 500, "kept"));
      write(store, scan(key, 0, "zzz"));
      write(store, scan(key, 300, "zzz"));
      assertThat(all(store)).containsExactly(record(key, 0, 500, "kept"));
    }
  }

  @Test
  default void mergesARecordThatSpansTime() {
    ScanKey key = key("1.1.1.1", 80, "HTTP");
    try (ScanStore store = open()) {
      write(store, record(key, 100, 300, "three"));
      write(store, record(key, 50, 200, "two"));
      write(store, record(key, 150, 400, "four"));
      assertThat(all(store)).containsExactly(record(key, 50, 400, "four"));
    }
  }

  @Test
  default void keepsTheGreaterBytesOfOneSecondWhicheverArriveFirst() {
    byte[][] ascending = {
      {},
      {0},
      {0, 0},
      {0, 1},
      "1".getBytes(StandardCharsets.UTF_8),
      "10".getBytes(StandardCharsets.UTF_8),
      "9".getBytes(StandardCharsets.UTF_8),
      "A".getBytes(StandardCharsets.UTF_8),
      "a".getBytes(StandardCharsets.UTF_8),
      "a\0".getBytes(StandardCharsets.UTF_8),
      "a\0b".getBytes(StandardCharsets.UTF_8),
      "ab".getBytes(StandardCharsets.UTF_8),
      {0x7f},
      {(byte) 0x80},
      {(byte) 0xc0, (byte) 0x80},
      "é".getBytes(StandardCharsets.UTF_8),
      "\uffee".getBytes(StandardCharsets.UTF_8),
      {(byte) 0xef, (byte) 0xff},
      "😀".getBytes(StandardCharsets.UTF_8),
      {(byte) 0xff},
      {(byte) 0xff, 0},
      {(byte) 0xff, (byte) 0xff},
    };
    List<ScanRecord> expected = new ArrayList<>();
    List<ScanRecord> firstWave = new ArrayList<>();
    List<ScanRecord> secondWave = new ArrayList<>();
    for (int less = 0; less < ascending.length; less++) {
      for (int more = less; more < ascending.length; more++) {
        ScanKey upwards = key("10.0." + less + "." + more, 1, "UP");
        ScanKey downwards = key("10.0." + less + "." + more, 2, "DOWN");
        firstWave.add(ScanRecord.ofScan(upwards, 7, Response.ofBytes(ascending[less])));
        secondWave.add(ScanRecord.ofScan(upwards, 7, Response.ofBytes(ascending[more])));
        firstWave.add(ScanRecord.ofScan(downwards, 7, Response.ofBytes(ascending[more])));
        secondWave.add(ScanRecord.ofScan(downwards, 7, Response.ofBytes(ascending[less])));
        expected.add(ScanRecord.ofScan(upwards, 7, Response.ofBytes(ascending[more])));
        expected.add(ScanRecord.ofScan(downwards, 7, Response.ofBytes(ascending[more])));
      }
    }
    try (ScanStore store = open()) {
      write(store, firstWave);
      write(store, secondWave);
      assertThat(all(store)).containsExactlyElementsOf(expected);
    }
  }

  @Test
  default void takesTheEndsOfEveryRange() {
    List<ScanRecord> scans =
        List.of(
            scan(key("0.0.0.0", 0, "!"), 0, ""),
            scan(key("0.0.0.0", 65_535, "!"), Long.MAX_VALUE, "\0"),
            record(key("255.255.255.255", 0, "s".repeat(255)), 0, Long.MAX_VALUE, "x"),
            scan(key("::", 0, "\u00a0a\u00a0"), 1, "x"),
            scan(key("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65_535, "😀"), 1, "x"));
    try (ScanStore store = open()) {
      write(store, scans);
      assertThat(all(store)).containsExactlyElementsOf(scans);
    }
  }

  @Test
  default void tellsServicesApartToTheLetter() {
    List<ScanRecord> scans =
        Stream.of(
                " HTTP",
                "HTTP",
                "HTTP ",
                "Http",
                "http",
                "é",
                "e\u0301",
                "😀",
                "\ud83d\ude01",
                "%",
                "_",
                "'",
                "\\",
                "\"")
            .map(service -> scan(key("1.1.1.1", 80, service), 1, service))
            .toList();
    try (ScanStore store = open()) {
      write(store, scans);
      assertThat(all(store)).containsExactlyInAnyOrderElementsOf(scans);
      for (ScanRecord scan : scans) {
        assertThat(
                Scans.find(store, ScanQuery.of(ScanFilter.all().withService(scan.key().service()))))
            .containsExactly(scan);
      }
    }
  }

  @Test
  default void keepsNulWhereverItIsInAResponse() {
    List<ScanRecord> scans = new ArrayList<>();
    for (String response :
        List.of("\0", "\0\0", "\0text", "te\0xt", "text\0", "text\0\0", "é\0😀\0", "\0\ufffd")) {
      scans.add(scan(key("1.1.1.1", scans.size(), "TEXT"), 1, response));
    }
    byte[] binary = {(byte) 0xff, 0, (byte) 0xfe, 0};
    ScanKey key = key("1.1.1.2", 80, "BINARY");
    scans.add(ScanRecord.ofScan(key, 1, Response.ofBytes(binary)));
    try (ScanStore store = open()) {
      write(store, scans);
      assertThat(all(store)).containsExactlyElementsOf(scans);
    }
  }

  /** The last byte decides a tie, however large the responses are. */
  @Test
  default void keepsTheLargestResponses() {
    byte[] binary = new byte[largestResponse()];
    new Random(1).nextBytes(binary);
    byte[] text = new byte[largestResponse()];
    Arrays.fill(text, (byte) 'x');
    text[text.length / 2] = 0;
    text[text.length - 1] = 'a';
    byte[] greater = text.clone();
    greater[text.length - 1] = 'b';
    ScanRecord first = ScanRecord.ofScan(key("1.1.1.1", 80, "HTTP"), 1, Response.ofBytes(binary));
    ScanKey key = key("1.1.1.2", 80, "HTTP");
    ScanRecord second = ScanRecord.ofScan(key, 1, Response.ofBytes(greater));
    try (ScanStore store = open()) {
      write(store, first, second);
      write(store, ScanRecord.ofScan(key, 1, Response.ofBytes(text)));
      assertThat(all(store)).containsExactly(first, second);
      assertThat(Scans.find(store, ScanQuery.of(ScanFilter.all().withIp(key.ip()))))
          .containsExactly(second);
    }
  }
}
