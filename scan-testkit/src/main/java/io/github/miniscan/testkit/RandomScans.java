package io.github.miniscan.testkit;

import io.github.miniscan.IpAddress;
import io.github.miniscan.IpRange;
import io.github.miniscan.PortRange;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.TimeRange;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Random scans, and random queries about them, on the edges of everything: the first and the last
 * address of a family, ports 0 and 65535, services that differ little, the earliest and the latest
 * second.
 */
final class RandomScans {

  private static final List<IpAddress> EDGES =
      Stream.of(
              "0.0.0.0",
              "0.0.0.1",
              "0.255.255.255",
              "1.0.0.0",
              "9.255.255.255",
              "10.0.0.0",
              "10.0.0.1",
              "10.0.0.255",
              "10.0.1.0",
              "10.255.255.255",
              "11.0.0.0",
              "127.255.255.255",
              "128.0.0.0",
              "255.255.255.254",
              "255.255.255.255",
              "::",
              "::1",
              "::fffe:ffff:ffff",
              "::1:0:0:0",
              "::ffff:ffff:ffff:ffff",
              "0:0:0:1::",
              "2001:db8::",
              "2001:db8::1",
              "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
              "2001:db9::",
              "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
              "8000::",
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe",
              "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
          .map(IpAddress::parse)
          .toList();

  private static final List<Integer> PORTS =
      List.of(0, 1, 22, 79, 80, 81, 443, 8_000, 32_767, 32_768, 65_534, 65_535);

  private static final List<String> SERVICES =
      List.of(
          "HTTP", "http", "HTTP ", "%", "é", "e\u0301", "\uffee", "😀", "\ud83d\ude01", "HTTPS");

  private static final List<Long> SECONDS =
      List.of(0L, 1L, 1_700_000_000L, 1_700_000_001L, 1_700_000_002L, Long.MAX_VALUE - 1);

  private final Random random;

  RandomScans(Random random) {
    this.random = random;
  }

  List<ScanRecord> scans(int count) {
    return Stream.generate(this::scan).limit(count).toList();
  }

  private ScanRecord scan() {
    long first = second();
    long last = second();
    Response response = Response.ofText("answer " + random.nextInt(5));
    return new ScanRecord(key(), Math.min(first, last), Math.max(first, last), response);
  }

  ScanKey key() {
    return new ScanKey(address(), oneOf(PORTS), oneOf(SERVICES));
  }

  private IpAddress address() {
    return switch (random.nextInt(4)) {
      case 0 -> IpAddress.ofV4(0x0a000000 + random.nextInt(512));
      case 1 -> IpAddress.ofV6(0x2001_0db8_0000_0000L, random.nextInt(512));
      default -> oneOf(EDGES);
    };
  }

  private long second() {
    return random.nextInt(20) == 0 ? Long.MAX_VALUE : oneOf(SECONDS);
  }

  /**
   * Returns a key whose service has characters near those that UTF-8 and UTF-16 order otherwise.
   */
  static ScanKey anyKey(Random random) {
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

  /** Returns a query; where it continues an answer, it does so mostly after one of these keys. */
  ScanQuery query(List<ScanKey> keys) {
    ScanFilter filter = filter();
    if (random.nextInt(5) == 0) {
      return ScanQuery.newest(filter, limit());
    }
    ScanQuery query = ScanQuery.of(filter);
    if (random.nextInt(3) == 0) {
      query = query.withAfter(random.nextInt(3) == 0 ? key() : oneOf(keys));
    }
    return random.nextInt(3) == 0 ? query.withLimit(limit()) : query;
  }

  private int limit() {
    return random.nextInt(4) == 0 ? 50_000 : random.nextInt(20);
  }

  ScanFilter filter() {
    ScanFilter filter = ScanFilter.all();
    if (random.nextInt(4) > 0) {
      filter = filter.withIps(some(4, any -> range()));
    }
    if (random.nextInt(3) == 0) {
      filter = filter.withPorts(some(3, any -> ports()));
    }
    if (random.nextInt(3) == 0) {
      filter = filter.withServices(some(4, any -> service()));
    }
    if (random.nextInt(5) == 0) {
      filter = filter.withFirstScanned(times());
    }
    if (random.nextInt(5) == 0) {
      filter = filter.withLastScanned(times());
    }
    return filter;
  }

  /** Returns one value or a few; seldom none, which nothing matches. */
  private <T> List<T> some(int most, IntFunction<T> make) {
    int count = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(most);
    return IntStream.range(0, count).mapToObj(make).toList();
  }

  private IpRange range() {
    IpAddress one = address();
    IpAddress other = address();
    return switch (random.nextInt(6)) {
      case 0 -> IpRange.parse("0.0.0.0/0");
      case 1 -> IpRange.parse("::/0");
      case 2 -> IpRange.of(one);
      case 3 -> networkOf(one);
      default -> {
        if (one.isV4() != other.isV4()) {
          yield networkOf(one);
        }
        yield one.compareTo(other) <= 0 ? new IpRange(one, other) : new IpRange(other, one);
      }
    };
  }

  /** Returns a network with the address in it. */
  private IpRange networkOf(IpAddress address) {
    int prefix = random.nextInt(address.isV4() ? 33 : 129);
    long high =
        prefix >= 64 ? address.high() : prefix == 0 ? 0 : address.high() & -1L << 64 - prefix;
    int lowBits = address.isV4() ? 32 - prefix : Math.min(64, 128 - prefix);
    long low = lowBits == 64 ? 0 : address.low() & -1L << lowBits;
    IpAddress first = address.isV4() ? IpAddress.ofV4((int) low) : IpAddress.ofV6(high, low);
    return first.isV4() == address.isV4() ? IpRange.network(first, prefix) : IpRange.of(address);
  }

  private PortRange ports() {
    int one = oneOf(PORTS);
    int other = random.nextBoolean() ? one : oneOf(PORTS);
    return new PortRange(Math.min(one, other), Math.max(one, other));
  }

  private String service() {
    return random.nextInt(10) == 0 ? "HTT" : oneOf(SERVICES);
  }

  private TimeRange times() {
    TimeRange times = TimeRange.ALL;
    if (random.nextInt(3) > 0) {
      times = times.since(second());
    }
    return random.nextInt(3) > 0 ? times.before(second()) : times;
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** Returns the query in words, for a failure. */
  static String describe(ScanQuery query) {
    ScanFilter filter = query.filter();
    return query.order()
        + ": ips "
        + filter.ips().map(Object::toString).orElse("any")
        + ", ports "
        + filter.ports().map(Object::toString).orElse("any")
        + ", services "
        + filter.services().map(RandomScans::quoted).orElse("any")
        + ", first scanned "
        + filter.firstScanned()
        + ", last scanned "
        + filter.lastScanned()
        + ", after "
        + query.after().map(ScanKey::toString).orElse("nothing")
        + ", limit "
        + query.limit();
  }

  private static String quoted(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining("\", \"", "\"", "\""));
  }

  /** Returns every second address of a network, so that no two of them make one range. */
  static List<IpRange> everySecondAddress(int count) {
    List<IpRange> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(IpRange.of(IpAddress.ofV4(0x0a000000 + 2 * i)));
    }
    return ranges;
  }
}
