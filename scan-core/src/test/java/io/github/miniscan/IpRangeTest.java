package io.github.miniscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, 10.1.2.3, 10.1.2.3",
    "10.0.0.0/8, 10.0.0.0, 10.255.255.255",
    "0.0.0.0/0, 0.0.0.0, 255.255.255.255",
    "1.2.3.4/32, 1.2.3.4, 1.2.3.4",
    "1.2.3.4/31, 1.2.3.4, 1.2.3.5",
    "1.1.1.1-1.1.1.9, 1.1.1.1, 1.1.1.9",
    "2001:db8::/32, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    "2001:db8::/64, 2001:db8::, 2001:db8::ffff:ffff:ffff:ffff",
    "2001:db8::/65, 2001:db8::, 2001:db8::7fff:ffff:ffff:ffff",
    "2001:db8::/63, 2001:db8::, 2001:db8:0:1:ffff:ffff:ffff:ffff",
    "::/0, ::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "::1/128, ::1, ::1",
    "::/80, ::, ::fffe:ffff:ffff",
    "::8000:0:0/81, ::8000:0:0, ::fffe:ffff:ffff",
    "::fffe:0:0/95, ::fffe:0:0, ::fffe:ffff:ffff",
    "::/79, ::, ::1:ffff:ffff:ffff",
    "2001:db8::1-2001:db8::ff, 2001:db8::1, 2001:db8::ff",
    "::/79, ::, ::1:ffff:ffff:ffff",
    "::/80, ::, ::fffe:ffff:ffff",
    "::fffe:0:0/95, ::fffe:0:0, ::fffe:ffff:ffff",
    "::ffff:10.0.0.0/104, 10.0.0.0, 10.255.255.255",
  })
  void readsAddressesNetworksAndRanges(String text, String first, String last) {
    IpRange range = IpRange.parse(text);
    assertThat(range.first()).hasToString(first);
    assertThat(range.last()).hasToString(last);
    assertThat(IpRange.parse(range.toString())).isEqualTo(range);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.1/8 | host bits set: 10.0.0.1/8 (the network is 10.0.0.0/8)",
        "2001:db8::1/32 | host bits set: 2001:db8::1/32 (the network is 2001:db8::/32)",
        "10.0.0.0/33 | prefix out of range: 10.0.0.0/33 (0 to 32)",
        "::/129 | prefix out of range: ::/129 (0 to 128)",
        "::ffff:1.2.3.4/95 | prefix out of range: ::ffff:1.2.3.4/95 (an IPv4-mapped network has 96 to"
            + " 128 bits)",
        "1.1.1.9-1.1.1.1 | range ends before it begins: 1.1.1.9-1.1.1.1 (did you mean"
            + " 1.1.1.1-1.1.1.9?)",
        "1.1.1.1-::1 | range of two families: 1.1.1.1-::1 (give one range for each)",
        "example.org | not an IPv4 or IPv6 address: \"example.org\"",
        "10.0.0.0/x | not a prefix length: \"x\" in \"10.0.0.0/x\" (a number, as in 10.0.0.0/8)",
        "10.0.0.0/08 | not a prefix length: \"08\" in \"10.0.0.0/08\" (a number, as in 10.0.0.0/8)",
      })
  void refusesEverythingElseWithASentence(String text, String sentence) {
    assertThatThrownBy(() -> IpRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "-", "/8", "10.0.0.0/", "-1.1.1.1", "1.1.1.1-", "1.1.1.1 - 2.2.2.2"})
  void refusesWhatIsCutOff(String text) {
    assertThatThrownBy(() -> IpRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mergesRangesThatOverlapOrTouch() {
    assertThat(disjoint("1.1.1.0/25", "1.1.1.128/25", "1.1.0.0/24"))
        .containsExactly("1.1.0.0-1.1.1.255");
    assertThat(disjoint("0.0.0.0/0", "::/0"))
        .containsExactly("0.0.0.0-255.255.255.255", "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    assertThat(disjoint("::0:ffff:ffff:ffff:ffff", "0:0:0:1::"))
        .containsExactly("::ffff:ffff:ffff:ffff-0:0:0:1::");
    assertThat(disjoint("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::"))
        .containsExactly("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    assertThat(disjoint("255.255.255.255", "0.0.0.0"))
        .containsExactly("0.0.0.0", "255.255.255.255");
    assertThat(disjoint("1.1.1.1", "1.1.1.1")).containsExactly("1.1.1.1");
    assertThat(disjoint()).isEmpty();
  }

  @Test
  void holdsTheAddressesOfANetworkThatIpv4HostsFollow() {
    IpRange range = IpRange.network(IpAddress.ofV6(0, 0), 80);
    assertThat(range.contains(IpAddress.parse("::1"))).isTrue();
    assertThat(range.contains(IpAddress.parse("::fffe:ffff:ffff"))).isTrue();
    assertThat(range.contains(IpAddress.parse("::1:0:0:0"))).isFalse();
    assertThat(range.contains(IpAddress.parse("255.255.255.255"))).isFalse();
  }

  @Test
  void holdsExactlyItsAddressesHoweverRangesAreMerged() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<IpRange> ranges = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        int first = random.nextInt(200);
        ranges.add(new IpRange(address(first), address(first + random.nextInt(30))));
      }
      List<IpRange> disjoint = IpRange.disjoint(ranges);
      for (int i = 0; i < 260; i++) {
        IpAddress address = address(i);
        assertThat(disjoint.stream().filter(range -> range.contains(address)).count())
            .as("seed %d, %s in %s of %s", seed, address, disjoint, ranges)
            .isEqualTo(ranges.stream().anyMatch(range -> range.contains(address)) ? 1 : 0);
      }
      for (int i = 1; i < disjoint.size(); i++) {
        assertThat(number(disjoint.get(i).first()).subtract(number(disjoint.get(i - 1).last())))
            .as("seed %d", seed)
            .isGreaterThan(BigInteger.ONE);
      }
    }
  }

  /** Addresses around a carry from the lower to the upper half. */
  private static IpAddress address(int number) {
    long low = number - 130L;
    return IpAddress.ofV6(low < 0 ? 6 : 7, low);
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.bytes());
  }

  private static List<String> disjoint(String... ranges) {
    return IpRange.disjoint(List.of(ranges).stream().map(IpRange::parse).toList()).stream()
        .map(IpRange::toString)
        .toList();
  }
}
