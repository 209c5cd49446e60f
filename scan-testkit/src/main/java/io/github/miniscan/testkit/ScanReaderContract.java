package io.github.miniscan.testkit;

import static io.github.miniscan.testkit.Scans.all;
import static io.github.miniscan.testkit.Scans.assertHolds;
import static io.github.miniscan.testkit.Scans.find;
import static io.github.miniscan.testkit.Scans.key;
import static io.github.miniscan.testkit.Scans.merged;
import static io.github.miniscan.testkit.Scans.scan;
import static io.github.miniscan.testkit.Scans.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.IpAddress;
import io.github.miniscan.PortRange;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link io.github.miniscan.store.ScanReader}, as tests: order, filters, cursors
 * and limits as {@link ScanQuery#answer} has them, and streams that hold nothing longer than a
 * page.
 */
public interface ScanReaderContract extends StoreCapabilities {

  @Test
  default void findsNothingInAnEmptyStore() {
    try (ScanStore store = open()) {
      assertThat(all(store)).isEmpty();
      assertThat(find(store, ScanQuery.newest(ScanFilter.all(), 10))).isEmpty();
      assertThat(find(store, ScanQuery.of(ScanFilter.all().withPort(80)))).isEmpty();
    }
  }

  @Test
  default void ordersByFamilyThenAddressThenPortThenServiceBytes() {
    List<ScanKey> ascending =
        List.of(
            key("0.0.0.0", 80, "HTTP"),
            key("2.0.0.0", 80, "HTTP"),
            key("10.0.0.9", 2, "HTTP"),
            key("10.0.0.9", 10, "HTTP"),
            key("10.0.0.10", 1, "A"),
            key("10.0.0.10", 1, "AB"),
            key("10.0.0.10", 1, "B"),
            key("10.0.0.10", 1, "a"),
            key("10.0.0.10", 1, "é"),
            key("10.0.0.10", 1, "\uffee"),
            key("10.0.0.10", 1, "😀"),
            key("127.255.255.255", 0, "HTTP"),
            key("128.0.0.0", 0, "HTTP"),
            key("255.255.255.255", 0, "HTTP"),
            key("::", 0, "HTTP"),
            key("::1", 0, "HTTP"),
            key("0:0:0:1::", 0, "HTTP"),
            key("7fff::", 0, "HTTP"),
            key("8000::", 0, "HTTP"),
            key("ffff::", 0, "HTTP"));
    List<ScanRecord> scans = new ArrayList<>();
    ascending.forEach(key -> scans.add(scan(key, 1, "")));
    Collections.shuffle(scans, new Random(8));
    try (ScanStore store = open()) {
      write(store, scans);
      assertThat(all(store)).extracting(ScanRecord::key).isEqualTo(ascending);
    }
  }

  @Test
  default void ordersRandomKeysAsJavaDoes() {
    Seeded.run(
        random -> {
          List<ScanRecord> scans =
              IntStream.range(0, 5_000)
                  .mapToObj(i -> scan(RandomScans.anyKey(random), i, ""))
                  .toList();
          try (ScanStore store = open()) {
            write(store, scans);
            assertHolds(store, merged(scans));
          }
        });
  }

  /** Hundreds of random queries, each answered as by looking at every record. */
  @Test
  default void answersEveryQueryAsALookAtEveryRecordWould() {
    Seeded.run(
        random -> {
          RandomScans make = new RandomScans(random);
          List<ScanRecord> scans = make.scans(4_000);
          List<ScanRecord> kept = merged(scans);
          List<ScanKey> keys = kept.stream().map(ScanRecord::key).toList();
          int answered = 0;
          try (ScanStore store = open()) {
            // In two batches, so that many records change after they were first written.
            write(store, scans.subList(0, 2_000));
            write(store, scans.subList(2_000, 4_000));
            for (int i = 0; i < 400; i++) {
              ScanQuery query = make.query(keys);
              List<ScanRecord> expected = query.answer(kept.stream()).toList();
              List<ScanRecord> actual = find(store, query);
              // Records as text are long: their keys say more.
              assertThat(actual.stream().map(ScanRecord::key).toList())
                  .as(() -> RandomScans.describe(query))
                  .isEqualTo(expected.stream().map(ScanRecord::key).toList());
              assertThat(actual).as(() -> RandomScans.describe(query)).isEqualTo(expected);
              answered += expected.isEmpty() ? 0 : 1;
            }
          }
          assertThat(answered).as("queries that find something").isGreaterThan(100);
        });
  }

  @Test
  default void continuesAnAnswerAfterItsLastKeyUntilItIsWhole() {
    Seeded.run(
        random -> {
          RandomScans make = new RandomScans(random);
          List<ScanRecord> kept = merged(make.scans(3_000));
          try (ScanStore store = open()) {
            write(store, kept);
            for (int i = 0; i < 10; i++) {
              ScanFilter filter = i == 0 ? ScanFilter.all() : make.filter();
              ScanQuery query = ScanQuery.of(filter).withLimit(100 + random.nextInt(500));
              List<ScanRecord> parts = new ArrayList<>();
              List<ScanRecord> part = find(store, query);
              while (!part.isEmpty()) {
                parts.addAll(part);
                part = find(store, query.withAfter(parts.get(parts.size() - 1).key()));
              }
              assertThat(parts.equals(ScanQuery.of(filter).answer(kept.stream()).toList()))
                  .as(() -> RandomScans.describe(query))
                  .isTrue();
            }
          }
        });
  }

  /** A file of addresses makes such a query. */
  @Test
  default void answersAQueryOfThousandsOfValues() {
    List<ScanRecord> scans = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      ScanKey key = new ScanKey(IpAddress.ofV4(0x0a000000 + i * 41), i * 31 % 65_536, "s" + i % 99);
      scans.add(scan(key, i, ""));
    }
    ScanFilter addresses = ScanFilter.all().withIps(RandomScans.everySecondAddress(40_000));
    List<PortRange> evenPorts =
        IntStream.range(0, 32_768).mapToObj(i -> PortRange.of(2 * i)).toList();
    List<String> services = IntStream.range(40, 5_000).mapToObj(i -> "s" + i).toList();
    try (ScanStore store = open()) {
      write(store, scans);
      for (ScanFilter filter :
          List.of(
              addresses,
              ScanFilter.all().withPorts(evenPorts),
              ScanFilter.all().withServices(services),
              addresses.withPorts(evenPorts).withServices(services))) {
        ScanQuery query = ScanQuery.of(filter);
        assertThat(find(store, query))
            .isEqualTo(query.answer(scans.stream()).toList())
            .isNotEmpty();
      }
    }
  }

  // Streams

  @Test
  default void streamsEverythingThatStaysWhileOthersWrite() {
    List<ScanRecord> there = Scans.ofNetwork(1, 12_000, 1);
    List<ScanRecord> late = Scans.ofNetwork(2, 12_000, 9);
    try (ScanStore store = open();
        ScanStore other = openBeside(store)) {
      write(store, there);
      List<ScanRecord> read = new ArrayList<>();
      try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
        Iterator<ScanRecord> rows = records.iterator();
        read.add(rows.next());
        write(other, late);
        rows.forEachRemaining(read::add);
      }
      assertThat(read).extracting(ScanRecord::key).isSorted().doesNotHaveDuplicates();
      assertThat(new HashSet<>(read).containsAll(there)).isTrue();
    }
  }

  @Test
  default void anOpenStreamHoldsUpNoWriter() {
    try (ScanStore store = open();
        ScanStore other = openBeside(store)) {
      write(store, Scans.ofNetwork(1, 5_000, 1));
      try (Stream<ScanRecord> records = store.find(ScanQuery.all());
          Stream<ScanRecord> others = other.find(ScanQuery.all())) {
        assertThat(records.iterator().hasNext()).isTrue();
        assertThat(others.iterator().hasNext()).isTrue();
        write(store, Scans.ofNetwork(3, 100, 1));
        write(other, Scans.ofNetwork(4, 100, 1));
      }
      assertThat(all(store)).hasSize(5_200);
    }
  }

  /** A stream holds no connection between its pages, so there may be any number of streams. */
  @Test
  default void streamsToManyReadersAtOnce() {
    List<ScanRecord> scans = Scans.ofNetwork(1, 600, 1);
    List<Stream<ScanRecord>> streams = new ArrayList<>();
    List<Iterator<ScanRecord>> readers = new ArrayList<>();
    try (ScanStore store = open()) {
      write(store, scans);
      for (int i = 0; i < 200; i++) {
        Stream<ScanRecord> stream = store.find(ScanQuery.all());
        streams.add(stream);
        readers.add(stream.iterator());
        assertThat(readers.get(i).next()).isEqualTo(scans.get(0));
      }
      for (Iterator<ScanRecord> reader : readers) {
        List<ScanRecord> rest = new ArrayList<>();
        reader.forEachRemaining(rest::add);
        assertThat(rest).isEqualTo(scans.subList(1, scans.size()));
      }
      streams.forEach(Stream::close);
    }
  }

  /**
   * Bounded in bytes: 64 MiB are there, and the first record costs less than half of that, in
   * whatever form. A store that reads in another thread escapes this test.
   */
  @Test
  default void readsARecordWithoutReadingThemAll() {
    int size = 1 << 20;
    List<ScanRecord> scans = Scans.large(64, size);
    try (ScanStore store = open()) {
      for (int i = 0; i < scans.size(); i += 8) {
        write(store, scans.subList(i, i + 8));
      }
      List<ScanRecord> first = new ArrayList<>();
      long allocated =
          Allocation.of(
              () -> {
                try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
                  first.add(records.iterator().next());
                }
              });
      assertThat(first).containsExactly(scans.get(0));
      assertThat(allocated).as("bytes to read one record").isLessThan(32L * size);
    }
  }

  @Test
  default void readsTheNewestOfRecordsThatChange() {
    ScanKey key = key("9.9.9.9", 9, "NINE");
    try (ScanStore store = open()) {
      write(store, Scans.ofNetwork(1, 1_000, 5));
      write(store, scan(key, 4, "old"));
      ScanQuery newest = ScanQuery.newest(ScanFilter.all(), 1);
      assertThat(find(store, newest)).extracting(ScanRecord::lastScanned).containsExactly(5L);
      write(store, scan(key, 6, "new"));
      assertThat(find(store, newest))
          .containsExactly(new ScanRecord(key, 4, 6, Response.ofText("new")));
    }
  }
}
