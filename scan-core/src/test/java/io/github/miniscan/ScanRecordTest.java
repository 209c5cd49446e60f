package io.github.miniscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanRecordTest {

  private static final ScanKey KEY = new ScanKey(IpAddress.parse("1.1.1.1"), 80, "HTTP");

  @Test
  void keepsTheNewerScanWhicheverArrivesFirst() {
    ScanRecord older = scan(100, "older");
    ScanRecord newer = scan(200, "newer");
    ScanRecord both = new ScanRecord(KEY, 100, 200, Response.ofText("newer"));
    assertThat(older.merge(newer)).isEqualTo(both);
    assertThat(newer.merge(older)).isEqualTo(both);
  }

  @Test
  void keepsTheGreaterResponseOfOneSecond() {
    ScanRecord ascii = scan(100, "zzz");
    ScanRecord high = ScanRecord.ofScan(KEY, 100, Response.ofBytes(new byte[] {-1}));
    assertThat(ascii.merge(high)).isEqualTo(high);
    assertThat(high.merge(ascii)).isEqualTo(high);
    assertThat(scan(100, "").merge(scan(100, "a"))).isEqualTo(scan(100, "a"));
    assertThat(scan(100, "aa").merge(scan(100, "a"))).isEqualTo(scan(100, "aa"));
  }

  @Test
  void keepsAnEmptyResponseThatIsNewer() {
    assertThat(scan(100, "banner").merge(scan(101, "")).response()).isEqualTo(Response.ofText(""));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void mergesTheSameWhateverTheOrderTheGroupingAndTheRepetitions(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      ScanRecord a = random(random);
      ScanRecord b = random(random);
      ScanRecord c = random(random);
      assertThat(a.merge(b)).as("seed %d: commutative", seed).isEqualTo(b.merge(a));
      assertThat(a.merge(b).merge(c))
          .as("seed %d: associative", seed)
          .isEqualTo(a.merge(b.merge(c)));
      assertThat(a.merge(a)).as("seed %d: idempotent", seed).isEqualTo(a);
      assertThat(a.merge(b).merge(a)).as("seed %d: absorbs", seed).isEqualTo(a.merge(b));
    }
  }

  @Test
  void foldsAsTheRuleSays() {
    long seed = 11;
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<ScanRecord> scans = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        scans.add(random(random));
      }
      long first = scans.stream().mapToLong(ScanRecord::firstScanned).min().orElseThrow();
      long last = scans.stream().mapToLong(ScanRecord::lastScanned).max().orElseThrow();
      Response response =
          scans.stream()
              .filter(scan -> scan.lastScanned() == last)
              .map(ScanRecord::response)
              .max(Response::compareTo)
              .orElseThrow();
      Collections.shuffle(scans, random);
      assertThat(scans.stream().reduce(ScanRecord::merge))
          .as("seed %d", seed)
          .contains(new ScanRecord(KEY, first, last, response));
    }
  }

  @Test
  void refusesToMergeDifferentKeys() {
    ScanKey other = new ScanKey(IpAddress.parse("1.1.1.1"), 81, "HTTP");
    assertThatThrownBy(() -> scan(1, "a").merge(ScanRecord.ofScan(other, 1, Response.ofText("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot merge 1.1.1.1 80 HTTP with 1.1.1.1 81 HTTP");
  }

  @Test
  void refusesTimesThatCanNotBe() {
    Response response = Response.ofText("a");
    assertThatThrownBy(() -> new ScanRecord(KEY, -1, 5, response))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first scanned before the epoch: -1");
    assertThatThrownBy(() -> new ScanRecord(KEY, 6, 5, response))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first scanned 6 after last scanned 5");
  }

  /** Few values, so that ties of all kinds occur. */
  private static ScanRecord random(Random random) {
    long first = random.nextInt(4);
    byte[] bytes = new byte[random.nextInt(3)];
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] &= (byte) 0x81;
    }
    return new ScanRecord(KEY, first, first + random.nextInt(3), Response.ofBytes(bytes));
  }

  private static ScanRecord scan(long scannedAt, String response) {
    return ScanRecord.ofScan(KEY, scannedAt, Response.ofText(response));
  }
}
