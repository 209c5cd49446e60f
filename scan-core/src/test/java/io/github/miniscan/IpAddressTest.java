package io.github.miniscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  private static final long SEED = 20_261_121;

  @ParameterizedTest
  @CsvSource({
    // RFC 5952, sections 1, 2 and 4
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8::0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8:0:0:1::1, 2001:db8::1:0:0:1",
    "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
    "2001:db8:aaaa:bbbb:cccc:dddd:0:1, 2001:db8:aaaa:bbbb:cccc:dddd:0:1",
    "2001:db8:0:0:0::1, 2001:db8::1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:0, 2001:db8:0:0:1::",
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "1::3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
    "ABCD:EF01:2345:6789:abcd:ef01:2345:6789, abcd:ef01:2345:6789:abcd:ef01:2345:6789",
    // never mixed notation
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "::1.2.3.4, ::102:304",
    "::0.0.0.1, ::1",
    "64:ff9b::0.0.0.0, 64:ff9b::",
    "1:2:3:4:5:6:255.255.255.255, 1:2:3:4:5:6:ffff:ffff",
    "::ffff:0:1.2.3.4, ::ffff:0:102:304",
    // the IPv4 host behind an IPv4-mapped address
    "::ffff:1.2.3.4, 1.2.3.4",
    "::FFFF:0:0, 0.0.0.0",
    "0000:0000:0000:0000:0000:ffff:255.255.255.255, 255.255.255.255",
    "1.1.1.1, 1.1.1.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
  })
  void hasOneCanonicalText(String text, String canonical) {
    IpAddress address = IpAddress.parse(text);
    assertThat(address).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(address).hasSameHashCodeAs(address);
    assertThat(address.isV4()).isEqualTo(canonical.indexOf(':') < 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ":",
        ":::",
        "1",
        "1.1.1",
        "1.1.1.1.",
        ".1.1.1.1",
        "1..1.1",
        "1.1.1.1.1",
        "1.1.1.256",
        "1.1.1.1000",
        "1.1.1.00",
        "01.1.1.1",
        "0x1.1.1.1",
        "1.1.1.-1",
        "+1.1.1.1",
        "1.1.1.1 ",
        " 1.1.1.1",
        "1.1.1.1\n",
        "1.1.1.1/32",
        "1.1.1.1:80",
        "a.b.c.d",
        "1.1.1.a",
        "16843009",
        "4294967295",
        "localhost",
        "host.example",
        "1.1.1.\uff11",
        "\u0661.1.1.1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7:8",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "1::2::3",
        "::1::",
        "12345::",
        "::12345",
        "g::",
        "1:::2",
        "::1:",
        ":1",
        "1:",
        "1:2:3:4:5:6:7::8",
        "1:2:3:4::5:6:7:8",
        "fe80::1%eth0",
        "fe80::1%1",
        "[::1]",
        "::1/128",
        "::1.2.3",
        "::1.2.3.256",
        "::1.2.3.4.5",
        "::01.2.3.4",
        "::1.2.3.4:5",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "::ffff:1.2.3.4 ",
        "::\uff11",
        "::\u0131",
        "0000:0000:0000:0000:0000:ffff:255.255.255.2550",
      })
  void refusesWhatIsNoLiteralAddress(String text) {
    assertThat(IpAddress.parseOrNull(text)).isNull();
    assertThatThrownBy(() -> IpAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not an IPv4 or IPv6 address: \"");
  }

  @Test
  void givesItsBitsInTwoHalves() {
    assertThat(IpAddress.parse("1:2:3:4:5:6:7:8").high()).isEqualTo(0x0001_0002_0003_0004L);
    assertThat(IpAddress.parse("1:2:3:4:5:6:7:8").low()).isEqualTo(0x0005_0006_0007_0008L);
    assertThat(IpAddress.parse("1.2.3.4").low()).isEqualTo(0x0102_0304L);
  }

  @Test
  void spreadsOverHashTables() {
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> IpAddress.ofV4(i).hashCode()))
        .doesNotHaveDuplicates();
    assertThat(
            IntStream.range(0, 1_000)
                .mapToObj(i -> IpAddress.parse("2001:db8:0:" + Integer.toHexString(i) + "::1"))
                .map(IpAddress::hashCode))
        .doesNotHaveDuplicates();
  }

  @Test
  void givesBackEveryAddress() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      IpAddress address = random(random);
      assertThat(IpAddress.parse(address.toString())).as("seed %d", SEED).isEqualTo(address);
      assertThat(IpAddress.ofBytes(address.bytes())).as("seed %d", SEED).isEqualTo(address);
    }
  }

  @Test
  void readsAsTheJdkDoes() throws UnknownHostException {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      IpAddress address = random(random);
      assertThat(address.bytes())
          .as("seed %d: %s", SEED, address)
          .isEqualTo(InetAddress.getByName(address.toString()).getAddress());
      String theirs = InetAddress.getByAddress(address.bytes()).getHostAddress();
      assertThat(IpAddress.parse(theirs)).as("seed %d: %s", SEED, theirs).isEqualTo(address);
    }
  }

  @Test
  void neverFailsOnRandomTextAndAgreesWithTheJdkOnIpv6() throws UnknownHostException {
    Random random = new Random(SEED);
    String alphabet = "::::..0123fFaA9%g ";
    int valid = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(14);
      for (int j = 0; j < length; j++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      IpAddress address = IpAddress.parseOrNull(text);
      if (address != null) {
        valid++;
        assertThat(address.bytes())
            .as("seed %d: %s", SEED, text)
            .isEqualTo(InetAddress.getByName(text.toString()).getAddress());
      }
    }
    assertThat(valid).isPositive();
  }

  @Test
  void compressesTheFirstOfTheLongestRunsOfZeros() {
    for (int zeros = 0; zeros < 256; zeros++) {
      byte[] bytes = new byte[16];
      for (int group = 0; group < 8; group++) {
        bytes[2 * group + 1] = (byte) (zeros >>> group & 1);
      }
      assertThat(IpAddress.ofBytes(bytes)).hasToString(compressedByRegex(bytes));
    }
  }

  /** RFC 5952 by another way: replaces the first longest run in the text of all groups. */
  private static String compressedByRegex(byte[] bytes) {
    StringBuilder groups = new StringBuilder();
    for (int i = 0; i < 16; i += 2) {
      groups.append(i == 0 ? "" : ":").append((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff));
    }
    for (int run = 8; run >= 2; run--) {
      String zeros = "0" + ":0".repeat(run - 1);
      String compressed =
          groups.toString().replaceFirst("(?<![0-9a-f])" + zeros + "(?![0-9a-f])", "#");
      if (compressed.indexOf('#') >= 0) {
        return compressed.replaceFirst(":?#:?", "::");
      }
    }
    return groups.toString();
  }

  @Test
  void sortsIpv4FirstAndThenByNumber() {
    Random random = new Random(SEED);
    List<IpAddress> addresses = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      addresses.add(random(random));
    }
    Collections.sort(addresses);
    for (int i = 1; i < addresses.size(); i++) {
      IpAddress left = addresses.get(i - 1);
      IpAddress right = addresses.get(i);
      assertThat(right.isV4() && !left.isV4()).as("seed %d", SEED).isFalse();
      if (left.isV4() == right.isV4()) {
        assertThat(new BigInteger(1, left.bytes()).compareTo(new BigInteger(1, right.bytes())))
            .as("seed %d: %s and %s", SEED, left, right)
            .isNotPositive();
      }
    }
    assertThat(IpAddress.parse("255.255.255.255")).isLessThan(IpAddress.parse("::"));
    assertThat(IpAddress.parse("127.255.255.255")).isLessThan(IpAddress.parse("128.0.0.0"));
    assertThat(IpAddress.parse("7fff::")).isLessThan(IpAddress.parse("8000::"));
  }

  @Test
  void tellsFamiliesApart() {
    assertThat(IpAddress.parse("1.2.3.4")).isNotEqualTo(IpAddress.parse("::1.2.3.4"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 15, 17})
  void refusesOtherNumbersOfBytes(int count) {
    assertThatThrownBy(() -> IpAddress.ofBytes(new byte[count]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an address has 4 or 16 bytes, not " + count + " bytes");
  }

  private static IpAddress random(Random random) {
    if (random.nextInt(4) == 0) {
      return IpAddress.ofV4(random.nextInt());
    }
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    int zeros = random.nextInt(256);
    for (int group = 0; group < 8; group++) {
      if ((zeros >>> group & 1) == 1) {
        bytes[2 * group] = 0;
        bytes[2 * group + 1] = (byte) random.nextInt(2);
      }
    }
    return IpAddress.ofBytes(bytes);
  }

  @Test
  void hasBytesThatSortAsAddressesDo() {
    Random random = new Random(11);
    List<IpAddress> addresses = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      addresses.add(IpAddress.ofV4(random.nextInt()));
      addresses.add(IpAddress.ofV6(random.nextLong(), random.nextLong()));
    }
    for (int i = 1; i < addresses.size(); i++) {
      IpAddress left = addresses.get(i - 1);
      IpAddress right = addresses.get(i);
      assertThat(IpAddress.ofSortableBytes(left.sortableBytes())).isEqualTo(left);
      assertThat(
              Integer.signum(Arrays.compareUnsigned(left.sortableBytes(), right.sortableBytes())))
          .as("%s and %s", left, right)
          .isEqualTo(Integer.signum(left.compareTo(right)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "04",
        "04010101",
        "0401010101ff",
        "0601010101",
        "0501010101",
        "0400000000000000000000ffff01020304",
        "0600000000000000000000ffff01020304"
      })
  void refusesBytesThatAreNotSortableBytes(String hex) {
    assertThatThrownBy(() -> IpAddress.ofSortableBytes(HexFormat.of().parseHex(hex)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not the sortable bytes of an address: " + hex);
  }
}
