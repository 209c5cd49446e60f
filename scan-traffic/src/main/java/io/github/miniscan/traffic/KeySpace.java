package io.github.miniscan.traffic;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanKey;
import java.util.List;

/** The keys of some traffic, by number: several services on each host, computed and not kept. */
final class KeySpace {

  private static final int KEYS_PER_HOST = 4;
  private static final double V6_SHARE = 0.1;
  private static final double ANY_PORT_SHARE = 0.3;

  private static final List<Integer> PORTS =
      List.of(0, 22, 53, 80, 443, 3306, 8080, 8443, 32_768, 65_535);
  private static final List<String> SERVICES = List.of("HTTP", "HTTPS", "SSH", "DNS", "MYSQL");

  /** Right, but not what one expects: each of them once broke something somewhere. */
  private static final List<String> ODD_SERVICES =
      List.of(
          "http",
          "Http",
          "a#b|c-d/e:1",
          " HTTP ",
          "na\u00efve-\u670d\u52d9-\ud83d\ude00",
          "\ud83d\ude00",
          "\ufffd",
          "\uffff",
          "\uff28\uff34\uff34\uff30",
          "nai\u0308ve",
          "\u202eHTTP",
          "\u200b",
          "\u00a0x",
          "=1+1",
          "'; DROP TABLE scan; --",
          "\"quoted\\\"",
          "<script>",
          "null",
          "S".repeat(255),
          "\ud83d\ude00".repeat(63) + "abc");

  private final TrafficOptions options;

  KeySpace(TrafficOptions options) {
    this.options = options;
  }

  /** The key with this number, from 0 to just below the number of keys. */
  ScanKey key(int number) {
    Dice host = new Dice(Dice.mix(options.seed()) + number / KEYS_PER_HOST);
    Dice own = new Dice(Dice.mix(~options.seed()) + number);
    int port = own.chance(ANY_PORT_SHARE) ? own.below(65_536) : own.oneOf(PORTS);
    String service = own.oneOf(own.chance(options.odd() / 2) ? ODD_SERVICES : SERVICES);
    return new ScanKey(address(host), port, service);
  }

  /** Zeros at random in half of the groups of an IPv6 address, so that all runs of them occur. */
  private static IpAddress address(Dice dice) {
    if (!dice.chance(V6_SHARE)) {
      return IpAddress.ofV4((int) dice.next());
    }
    return IpAddress.ofV6(0x2001_0db8_0000_0000L | (groups(dice) & 0xffff_ffffL), groups(dice));
  }

  private static long groups(Dice dice) {
    long groups = dice.next();
    int zeros = dice.below(16);
    for (int group = 0; group < 4; group++) {
      if (((zeros >>> group) & 1) == 1) {
        groups &= ~(0xffffL << (16 * group));
      }
    }
    return groups;
  }
}
