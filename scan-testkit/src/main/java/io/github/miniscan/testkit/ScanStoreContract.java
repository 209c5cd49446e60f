package io.github.miniscan.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every store promises, as tests: a store's test class implements this interface and says how
 * to open one.
 *
 * <p>It assumes neither a single writer, nor transactions, nor a store that can tell stored from
 * stale. A test that fails prints its seed; {@code -Dseed=N} repeats it.
 */
public interface ScanStoreContract {

  /**
   * Opens the store. It is empty at the start of each test, and every call within a test opens the
   * same one, beside those that are open already; each is closed.
   */
  ScanStore open();

  // ---- upsert is merge

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
        Stream.of(" HTTP", "HTTP", "HTTP ", "Http", "http", "é", "e\u0301", "😀", "\ud83d\ude01")
            .map(service -> scan(key("1.1.1.1", 80, service), 1, service))
            .toList();
    try (ScanStore store = open()) {
      write(store, scans);
      assertThat(all(store)).containsExactlyInAnyOrderElementsOf(scans);
    }
  }

  @Test
  default void keepsLargeResponses() {
    byte[] binary = new byte[1 << 20];
    new Random(1).nextBytes(binary);
    ScanRecord bytes = ScanRecord.ofScan(key("1.1.1.1", 80, "HTTP"), 1, Response.ofBytes(binary));
    ScanRecord text = scan(key("1.1.1.2", 80, "HTTP"), 1, "é".repeat(1 << 19));
    try (ScanStore store = open()) {
      write(store, bytes, text);
      assertThat(all(store)).containsExactly(bytes, text);
    }
  }

  /** Each of a thousand groups of keys sees the same scans in an order of its own. */
  @Test
  default void endsInTheSameRecordsWhateverTheOrderTheRepetitionsTheBatchesAndTheWriters()
      throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    int orders = 1_000;
    int batches = 60;
    List<ScanRecord> scans = scansWithTies(random);
    List<ScanRecord> expected = new ArrayList<>();
    List<List<Decoded<ScanRecord>>> written = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      written.add(new ArrayList<>());
    }
    for (int order = 0; order < orders; order++) {
      IpAddress host = IpAddress.ofV4(0x0a000000 + order);
      expected.addAll(fold(scans.stream().map(scan -> at(host, scan)).toList()));
      for (ScanRecord scan : scans) {
        int copies = 1 + random.nextInt(3) / 2;
        for (int copy = 0; copy < copies; copy++) {
          written.get(random.nextInt(batches)).add(decoded(at(host, scan)));
        }
      }
    }
    written.forEach(batch -> Collections.shuffle(batch, random));

    try (ScanStore store = open();
        ScanStore other = open()) {
      inParallel(
          () -> written.subList(0, batches / 2).forEach(batch -> writeAll(store, batch)),
          () -> written.subList(batches / 2, batches).forEach(batch -> writeAll(other, batch)));
      assertThat(all(store).equals(expected)).as("seed %d", seed).isTrue();
      assertThat(all(other).equals(expected)).as("seed %d", seed).isTrue();
    }
  }

  @Test
  default void changesNothingWhenTheSameIsWrittenAgain() {
    List<ScanRecord> scans = scansWithTies(new Random(11));
    DeadLetter letter = letter("1", 1);
    Batch<ScanRecord> batch = Batch.of(decodedAll(scans), List.of(letter));
    try (ScanStore store = open()) {
      store.write(batch);
      List<ScanRecord> records = all(store);
      store.write(batch);
      store.write(Batch.of(batch.records().subList(3, 9), List.of(letter)));
      assertThat(all(store)).isEqualTo(records).isEqualTo(fold(scans));
      assertThat(letters(store)).hasSize(1);
    }
  }

  @Test
  default void countsEveryRecordOfABatchOnce() {
    ScanKey key = key("1.1.1.1", 80, "HTTP");
    try (ScanStore store = open()) {
      assertThat(write(store, scan(key, 2, "b"))).isEqualTo(WriteResult.of(1, 0));
      for (List<ScanRecord> scans :
          List.of(
              List.of(scan(key, 2, "b"), scan(key, 2, "b")),
              List.of(scan(key, 1, "a"), scan(key, 9, "c"), scan(key("1.1.1.2", 1, "A"), 1, "")),
              scansWithTies(new Random(5)))) {
        WriteResult result = write(store, scans);
        assertThat(result.stored() + result.stale()).isEqualTo(scans.size());
      }
    }
  }

  @Test
  default void takesAnEmptyBatch() {
    try (ScanStore store = open()) {
      assertThat(store.write(Batch.of(List.of(), List.of()))).isEqualTo(WriteResult.of(0, 0));
      assertThat(all(store)).isEmpty();
      assertThat(letters(store)).isEmpty();
    }
  }

  @Test
  default void takesALargeBatch() {
    Random random = new Random(3);
    List<ScanRecord> scans =
        IntStream.range(0, 20_000)
            .mapToObj(i -> scan(key("10.1." + random.nextInt(60) + ".1", i % 200, "S"), i, "r" + i))
            .toList();
    try (ScanStore store = open()) {
      write(store, scans);
      assertThat(all(store)).isEqualTo(fold(scans));
    }
  }

  // ---- reading

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
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<ScanRecord> scans = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      scans.add(ScanRecord.ofScan(randomKey(random), i, Response.ofText("")));
    }
    try (ScanStore store = open()) {
      write(store, scans);
      assertThat(all(store).equals(fold(scans))).as("seed %d", seed).isTrue();
    }
  }

  @Test
  default void findsByIpPortServiceAndLimit() {
    List<ScanRecord> scans = new ArrayList<>();
    for (String ip : List.of("1.1.1.1", "1.1.1.2", "::1", "::2")) {
      for (int port : List.of(0, 22, 80)) {
        for (String service : List.of("HTTP", "SSH", "http")) {
          scans.add(scan(key(ip, port, service), 1, ip + port + service));
        }
      }
    }
    ScanFilter all = ScanFilter.all();
    ScanFilter host = all.withIp(IpAddress.parse("::1"));
    List<ScanQuery> queries =
        List.of(
            ScanQuery.of(all),
            ScanQuery.of(host),
            ScanQuery.of(host.withPort(0)),
            ScanQuery.of(host.withPort(80).withService("SSH")),
            ScanQuery.of(host).withLimit(4),
            ScanQuery.of(all.withIp(IpAddress.parse("1.1.1.1"))),
            ScanQuery.of(all.withIp(IpAddress.parse("9.9.9.9"))),
            ScanQuery.of(all.withPort(22)),
            ScanQuery.of(all.withPort(23)),
            ScanQuery.of(all.withService("http")),
            ScanQuery.of(all.withService("HTT")),
            ScanQuery.of(all.withPort(0).withService("HTTP")).withLimit(3),
            ScanQuery.all().withLimit(0),
            ScanQuery.all().withLimit(1),
            ScanQuery.all().withLimit(35),
            ScanQuery.all().withLimit(36),
            ScanQuery.all().withLimit(37));
    try (ScanStore store = open()) {
      write(store, scans);
      for (ScanQuery query : queries) {
        assertThat(find(store, query)).isEqualTo(query.answer(scans.stream()).toList());
      }
    }
  }

  @Test
  default void streamsEverythingThatStaysWhileOthersWrite() {
    List<ScanRecord> there = manyScans(12_000, 1, 1);
    List<ScanRecord> late = manyScans(12_000, 2, 9);
    try (ScanStore store = open();
        ScanStore other = open()) {
      write(store, there);
      List<ScanRecord> read = new ArrayList<>();
      try (Stream<ScanRecord> records = store.find(ScanQuery.all())) {
        var rows = records.iterator();
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
        ScanStore other = open()) {
      write(store, manyScans(5_000, 1, 1));
      try (Stream<ScanRecord> records = store.find(ScanQuery.all());
          Stream<ScanRecord> others = other.find(ScanQuery.all())) {
        assertThat(records.iterator().hasNext()).isTrue();
        assertThat(others.iterator().hasNext()).isTrue();
        write(store, manyScans(100, 3, 1));
        write(other, manyScans(100, 4, 1));
      }
      assertThat(all(store)).hasSize(5_200);
    }
  }

  @Test
  default void writersAndReadersInThreadsDisturbNobody() throws Exception {
    List<ScanRecord> early = manyScans(150, 1, 5);
    List<ScanRecord> late = manyScans(150, 1, 6);
    List<ScanRecord> others = manyScans(150, 2, 5);
    try (ScanStore store = open();
        ScanStore other = open()) {
      inParallel(
          () -> early.forEach(scan -> write(store, scan)),
          () -> late.forEach(scan -> write(other, scan)),
          () -> others.forEach(scan -> write(store, scan)),
          () -> readAgainAndAgain(store),
          () -> readAgainAndAgain(other));
      List<ScanRecord> written = new ArrayList<>();
      List.of(early, late, others).forEach(written::addAll);
      assertThat(all(store)).isEqualTo(fold(written)).isEqualTo(all(other));
    }
  }

  // ---- reopening

  @Test
  default void keepsEverythingWhenReopened() {
    List<ScanRecord> scans = scansWithTies(new Random(4));
    DeadLetter letter = letter("1", 1);
    try (ScanStore store = open()) {
      store.write(Batch.of(decodedAll(scans), List.of(letter)));
    }
    try (ScanStore store = open()) {
      assertThat(all(store)).isEqualTo(fold(scans));
      assertSameLetters(letters(store), List.of(letter));
      write(store, scan(key("9.9.9.9", 9, "NINE"), 9, "nine"));
    }
    try (ScanStore store = open()) {
      assertThat(find(store, ScanQuery.of(ScanFilter.all().withPort(9)))).hasSize(1);
    }
  }

  @Test
  default void showsWhatOneWroteToAnotherThatIsOpen() {
    try (ScanStore store = open();
        ScanStore other = open()) {
      assertThat(all(other)).isEmpty();
      write(store, scan(key("1.1.1.1", 80, "HTTP"), 1, "x"));
      assertThat(all(other)).hasSize(1);
    }
  }

  @Test
  default void closesTwice() {
    ScanStore store = open();
    store.close();
    store.close();
  }

  // ---- dead letters

  @Test
  default void keepsADeadLetterWhole() {
    byte[] everyByte = new byte[256];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    byte[] large = new byte[1 << 20];
    new Random(2).nextBytes(large);
    Map<String, String> attributes =
        Map.of("", "", "googclient_x", "\"\\\u0001\u2028", "ключ", "😀 значение", "nul", "a\0b");
    Instant nano = Instant.ofEpochSecond(1_700_000_000, 1);
    List<DeadLetter> letters =
        List.of(
            letterOf(
                "1", everyByte, attributes, Instant.parse("2023-11-14T22:13:20.123456789Z"), 1),
            letterOf("", new byte[0], Map.of(), null, 2),
            letterOf("a\0b 😀", large, Map.of("k", "v"), Instant.EPOCH, 3),
            letterOf("4", everyByte, Map.of(), Instant.parse("9999-12-31T23:59:59.999999999Z"), 4),
            letterOf("5", everyByte, Map.of(), Instant.parse("0001-01-01T00:00:00Z"), 5),
            DeadLetter.of(
                new Message("6", everyByte, Map.of(), nano), Reason.INTERNAL_ERROR, "", nano));
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), letters));
    }
    try (ScanStore store = open()) {
      assertSameLetters(letters(store), letters);
      for (DeadLetter letter : letters) {
        assertSameLetters(store.findDeadLetter(letter.id()).stream().toList(), List.of(letter));
      }
      assertThat(store.findDeadLetter("0".repeat(32))).isEmpty();
    }
  }

  @Test
  default void keepsEveryReason() {
    List<DeadLetter> letters = new ArrayList<>();
    for (Reason reason : Reason.OF_SCANS) {
      Message message = new Message(reason.code(), new byte[] {1}, Map.of(), null);
      letters.add(DeadLetter.of(message, reason, "détail\n\0", at(letters.size())));
    }
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), letters));
      assertSameLetters(letters(store), letters);
    }
  }

  @Test
  default void ofCopiesTheFirstStays() {
    Message message = new Message("1", new byte[] {1}, Map.of("a", "b"), at(1));
    DeadLetter first = DeadLetter.of(message, Reason.INVALID_IP, "first", at(5));
    DeadLetter again = DeadLetter.of(message, Reason.INVALID_PORT, "again", at(4));
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), List.of(first, again)));
      store.write(Batch.of(List.of(), List.of(again)));
      assertSameLetters(letters(store), List.of(first));
    }
  }

  @Test
  default void twoMessagesWithEqualBytesAreTwoDeadLetters() {
    DeadLetter one = letterOf("1", new byte[] {1}, Map.of(), at(1), 1);
    DeadLetter two = letterOf("2", new byte[] {1}, Map.of(), at(1), 2);
    DeadLetter three = letterOf("2", new byte[] {1}, Map.of(), at(2), 3);
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), List.of(one, two, three)));
      assertSameLetters(letters(store), List.of(one, two, three));
    }
  }

  @Test
  default void listsDeadLettersByArrivalAndThenById() {
    Random random = new Random(6);
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Instant arrival = Instant.ofEpochSecond(random.nextInt(40), random.nextInt(3));
      Message message = new Message("" + i, new byte[] {1}, Map.of(), null);
      letters.add(DeadLetter.of(message, Reason.INVALID_IP, "", arrival));
    }
    List<String> expected =
        letters.stream()
            .sorted(Comparator.comparing(DeadLetter::receivedAt).thenComparing(DeadLetter::id))
            .map(DeadLetter::id)
            .toList();
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), letters.subList(0, 1_000)));
      store.write(Batch.of(List.of(), letters.subList(1_000, 3_000)));
      assertThat(letters(store)).extracting(DeadLetter::id).isEqualTo(expected);
    }
  }

  @Test
  default void updatesTheReasonAndNothingElse() {
    DeadLetter letter = letter("1", 1);
    DeadLetter other = letter("2", 2);
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), List.of(letter, other)));
      store.updateReason(letter.id(), Reason.FUTURE_TIMESTAMP, "later");
      store.updateReason("0".repeat(32), Reason.INVALID_IP, "nobody");
    }
    try (ScanStore store = open()) {
      DeadLetter updated =
          new DeadLetter(
              letter.id(), Reason.FUTURE_TIMESTAMP, "later", letter.message(), letter.receivedAt());
      assertSameLetters(letters(store), List.of(updated, other));
    }
  }

  @Test
  default void removesDeadLettersAndSaysHowMany() {
    List<DeadLetter> letters = IntStream.range(0, 10).mapToObj(i -> letter("" + i, i)).toList();
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), letters));
      assertThat(store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of()))).isZero();
      assertThat(store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of("0".repeat(32)))))
          .isZero();
      assertThat(
              store.removeDeadLetters(
                  DeadLetterQuery.all().withIds(List.of(letters.get(1).id(), letters.get(8).id()))))
          .isEqualTo(2);
      assertThat(
              store.removeDeadLetters(DeadLetterQuery.all().withIds(List.of(letters.get(1).id()))))
          .isZero();
    }
    try (ScanStore store = open()) {
      assertThat(letters(store)).hasSize(8);
      assertThat(store.findDeadLetter(letters.get(1).id())).isEmpty();
    }
  }

  @Test
  default void removesDeadLettersWhileTheyAreStreamed() {
    List<DeadLetter> letters = IntStream.range(0, 2_000).mapToObj(i -> letter("" + i, i)).toList();
    List<String> seen = new ArrayList<>();
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), letters));
      try (Stream<DeadLetter> stream = store.findDeadLetters(DeadLetterQuery.all())) {
        stream.forEachOrdered(
            letter -> {
              seen.add(letter.id());
              if (seen.size() % 500 == 0) {
                store.removeDeadLetters(DeadLetterQuery.all().withIds(seen));
              }
            });
      }
      assertThat(seen).isEqualTo(letters.stream().map(DeadLetter::id).toList());
      assertThat(letters(store)).isEmpty();
    }
  }

  @Test
  default void removesWhatWasReplayedOnceItsRecordIsThere() {
    DeadLetter replayed = letter("1", 1);
    DeadLetter other = letter("2", 2);
    ScanRecord scan = scan(key("1.1.1.1", 80, "HTTP"), 1, "x");
    try (ScanStore store = open()) {
      store.write(Batch.of(List.of(), List.of(replayed, other)));
      Batch<ScanRecord> replay =
          Batch.of(List.of(decoded(scan)), List.of())
              .withReplayed(List.of(replayed.id(), "0".repeat(32)));
      store.write(replay);
      store.write(replay);
    }
    try (ScanStore store = open()) {
      assertThat(all(store)).containsExactly(scan);
      assertSameLetters(letters(store), List.of(other));
    }
  }

  // ---- fixtures

  private static ScanKey key(String ip, int port, String service) {
    return new ScanKey(IpAddress.parse(ip), port, service);
  }

  private static ScanRecord scan(ScanKey key, long scannedAt, String response) {
    return ScanRecord.ofScan(key, scannedAt, Response.ofText(response));
  }

  private static ScanRecord record(ScanKey key, long first, long last, String response) {
    return new ScanRecord(key, first, last, Response.ofText(response));
  }

  private static ScanRecord at(IpAddress host, ScanRecord scan) {
    ScanKey key = new ScanKey(host, scan.key().port(), scan.key().service());
    return new ScanRecord(key, scan.firstScanned(), scan.lastScanned(), scan.response());
  }

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static DeadLetter letter(String messageId, long receivedAt) {
    return letterOf(messageId, new byte[] {1, 2, 3}, Map.of("k", "v"), at(7), receivedAt);
  }

  private static DeadLetter letterOf(
      String messageId,
      byte[] payload,
      Map<String, String> attributes,
      @Nullable Instant published,
      long receivedAt) {
    Message message = new Message(messageId, payload, attributes, published);
    return DeadLetter.of(message, Reason.MALFORMED_JSON, "not JSON", at(receivedAt));
  }

  /** Few keys, few seconds and responses that are hard to compare: many ties. */
  private static List<ScanRecord> scansWithTies(Random random) {
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

  private static ScanKey randomKey(Random random) {
    IpAddress ip =
        random.nextBoolean()
            ? IpAddress.ofV4(random.nextInt() & (random.nextBoolean() ? -1 : 0xff))
            : IpAddress.ofV6(random.nextBoolean() ? 0 : random.nextLong(), random.nextLong());
    String alphabet = "aAz ~é\u07ff\u0800\ud7ff\ue000\uffee";
    StringBuilder service = new StringBuilder("s");
    for (int i = random.nextInt(4); i > 0; i--) {
      if (random.nextInt(5) == 0) {
        service.appendCodePoint(0x10000 + random.nextInt(3));
      } else {
        service.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
    }
    return new ScanKey(ip, random.nextInt(3) * 32_767, service.toString());
  }

  /** On hosts of one network, the least first. */
  private static List<ScanRecord> manyScans(int count, int network, long scannedAt) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                scan(
                    new ScanKey(IpAddress.ofV4(i << 8 | network), 80, "HTTP"),
                    scannedAt,
                    network + " at " + scannedAt))
        .toList();
  }

  private static Decoded<ScanRecord> decoded(ScanRecord record) {
    return new Decoded<>(new Message("", new byte[0], Map.of(), null), record);
  }

  private static List<Decoded<ScanRecord>> decodedAll(List<ScanRecord> records) {
    return records.stream().map(ScanStoreContract::decoded).toList();
  }

  /** What merge makes of the records: the oracle. */
  private static List<ScanRecord> fold(List<ScanRecord> records) {
    TreeMap<ScanKey, ScanRecord> folded = new TreeMap<>();
    records.forEach(record -> folded.merge(record.key(), record, ScanRecord::merge));
    return List.copyOf(folded.values());
  }

  // ---- steps

  private static WriteResult write(ScanStore store, ScanRecord... records) {
    return write(store, Arrays.asList(records));
  }

  private static WriteResult write(ScanStore store, List<ScanRecord> records) {
    return writeAll(store, decodedAll(records));
  }

  private static WriteResult writeAll(ScanStore store, List<Decoded<ScanRecord>> records) {
    return store.write(Batch.of(records, List.of()));
  }

  private static void readAgainAndAgain(ScanStore store) {
    for (int i = 0; i < 50; i++) {
      assertThat(all(store)).extracting(ScanRecord::key).isSorted().doesNotHaveDuplicates();
    }
  }

  private static List<ScanRecord> all(ScanStore store) {
    return find(store, ScanQuery.all());
  }

  private static List<ScanRecord> find(ScanStore store, ScanQuery query) {
    try (Stream<ScanRecord> records = store.find(query)) {
      return records.toList();
    }
  }

  private static List<DeadLetter> letters(ScanStore store) {
    try (Stream<DeadLetter> letters = store.findDeadLetters(DeadLetterQuery.all())) {
      return letters.toList();
    }
  }

  private static void assertSameLetters(List<DeadLetter> actual, List<DeadLetter> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      DeadLetter was = actual.get(i);
      DeadLetter should = expected.get(i);
      assertThat(was.id()).isEqualTo(should.id());
      assertThat(was.reason()).isEqualTo(should.reason());
      assertThat(was.detail()).isEqualTo(should.detail());
      assertThat(was.receivedAt()).isEqualTo(should.receivedAt());
      assertThat(was.message().id()).isEqualTo(should.message().id());
      assertThat(was.message().payload()).isEqualTo(should.message().payload());
      assertThat(was.message().attributes()).isEqualTo(should.message().attributes());
      assertThat(was.message().publishTime()).isEqualTo(should.message().publishTime());
      assertThat(DeadLetter.idOf(was.message())).isEqualTo(should.id());
    }
  }

  private static void inParallel(Runnable... tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.length);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Runnable task : tasks) {
        running.add(threads.submit(task));
      }
      for (Future<?> task : running) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
