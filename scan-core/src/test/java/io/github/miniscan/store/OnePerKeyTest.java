package io.github.miniscan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OnePerKeyTest {

  private static final Message MESSAGE = new Message("", new byte[0], Map.of(), null);
  private static final long[] WORDS = {0, 1, 0x7fff_ffffL, 0xffff_ffffL, Long.MAX_VALUE, -1};
  private static final int[] PORTS = {0, 1, 31, 32, 443, 32_767, 32_768, 65_535};
  private static final String[] SERVICES = {"DNS", "HTTP", "HTTPS", "\uffee", "\ud83d\ude00"};

  @Test
  void givesOneRecordAKeyInTheOrderOfKeys() {
    LongStream.range(0, 200)
        .forEach(seed -> assertFolded(seed, new Random(seed).nextInt(2_000), 64));
  }

  @Test
  void tellsManyHostsApart() {
    assertFolded(1, 50_000, Long.MAX_VALUE);
  }

  @Test
  void foldsMoreThanItCanNumber() {
    assertFolded(2, (1 << 20) + 1, 64);
  }

  private static void assertFolded(long seed, int size, long hosts) {
    Random random = new Random(seed);
    List<Decoded<ScanRecord>> scans = new ArrayList<>();
    Map<ScanKey, ScanRecord> expected = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      ScanRecord scan = scan(random, hosts);
      scans.add(new Decoded<>(MESSAGE, scan));
      expected.merge(scan.key(), scan, ScanRecord::merge);
    }
    // A list of that many in an assertion of its own would be formatted first, which takes long.
    assertThat(OnePerKey.fold(scans).equals(List.copyOf(expected.values())))
        .as("seed %d, %d scans", seed, size)
        .isTrue();
  }

  private static ScanRecord scan(Random random, long hosts) {
    ScanKey key =
        new ScanKey(
            ip(random, hosts),
            PORTS[random.nextInt(PORTS.length)],
            SERVICES[random.nextInt(SERVICES.length)]);
    return ScanRecord.ofScan(
        key, random.nextInt(5), Response.ofText(Integer.toString(random.nextInt(3))));
  }

  /** Addresses whose first difference may be in any bit: neighbours, and the ends of the range. */
  private static IpAddress ip(Random random, long hosts) {
    long word = hosts == Long.MAX_VALUE ? random.nextLong() : word(random);
    return random.nextBoolean() ? IpAddress.ofV4((int) word) : IpAddress.ofV6(word, word(random));
  }

  private static long word(Random random) {
    return random.nextBoolean() ? WORDS[random.nextInt(WORDS.length)] : 1L << random.nextInt(64);
  }
}
