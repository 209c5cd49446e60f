package io.github.miniscan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanKeyTest {

  private static final IpAddress IP = IpAddress.parse("1.1.1.1");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 80, 65_535})
  void takesEveryPort(int port) {
    assertThat(new ScanKey(IP, port, "HTTP").port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536, 65_616, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void refusesWhatIsNoPort(int port) {
    assertThatThrownBy(() -> new ScanKey(IP, port, "HTTP"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port out of range: " + port + " (0 to 65535)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"~", "\u07ff", "\u0800", "\uffff", "\ud800\udc00"})
  void takesServicesOfUpTo255BytesOfUtf8(String character) {
    int most = 255 / character.getBytes(UTF_8).length;
    assertThat(ScanKey.isService(character.repeat(most))).isTrue();
    assertThat(ScanKey.isService(character.repeat(most + 1))).isFalse();
  }

  @Test
  void judgesPortsAsLongs() {
    assertThat(ScanKey.isPort(4_294_967_376L)).isFalse();
    assertThat(ScanKey.isPort(Long.MIN_VALUE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        " x",
        "x\u00a0",
        "HTTP",
        "http",
        "a#b|c",
        "\u200b",
        "\ufeff",
        "\u202e",
        "\ue000",
        "\ud83d\ude00",
        "\u0301",
        "\ufffd",
        "\uffff",
        "\u180e",
        "na\u00efve",
      })
  void takesServicesAsTheyAre(String service) {
    assertThat(ScanKey.isService(service)).isTrue();
    assertThat(new ScanKey(IP, 80, service).service()).isSameAs(service);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "   ",
        "\u00a0",
        "\u1680",
        "\u2000",
        "\u2007",
        "\u2028",
        "\u2029",
        "\u202f",
        "\u205f",
        "\u3000",
        " \u00a0\u3000",
        "a\u0000",
        "\n",
        "a\nb",
        "a\u007f",
        "\u0085",
        "a\u009f",
        "\ud800",
        "a\udc00",
        "\udc00\ud800",
        "a\ud83d",
      })
  void refusesWhatIsNoService(String service) {
    assertThat(ScanKey.isService(service)).isFalse();
    assertThatThrownBy(() -> new ScanKey(IP, 80, service))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a service name: \"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s", "\u00e9", "\u20ac", "\ud83d\ude00"})
  void countsTheLengthOfAServiceInBytes(String character) {
    int width = character.getBytes(UTF_8).length;
    String longest = character.repeat(255 / width) + "s".repeat(255 % width);
    assertThat(ScanKey.isService(longest)).isTrue();
    assertThat(ScanKey.isService(longest + "s")).isFalse();
  }

  @Test
  void sortsByAddressThenPortThenServiceAsBytes() {
    List<ScanKey> sorted =
        List.of(
            key("1.1.1.1", 80, "B"),
            key("1.1.1.1", 80, "a"),
            key("1.1.1.1", 80, "aa"),
            key("1.1.1.1", 80, "\uffff"),
            key("1.1.1.1", 80, "\ud83d\ude00"),
            key("1.1.1.1", 443, "A"),
            key("1.1.1.2", 0, "A"),
            key("200.1.1.1", 0, "A"),
            key("::", 0, "A"));
    List<ScanKey> shuffled = new ArrayList<>(sorted);
    Collections.shuffle(shuffled, new Random(1));
    Collections.sort(shuffled);
    assertThat(shuffled).isEqualTo(sorted);
  }

  @Test
  void comparesServicesAsTheirUtf8Does() {
    long seed = 7;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String left = randomText(random);
      String right = random.nextBoolean() ? randomText(random) : left + randomText(random);
      assertThat(Integer.signum(Utf8.compare(left, right)))
          .as("seed %d", seed)
          .isEqualTo(
              Integer.signum(Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8))));
    }
  }

  @Test
  void showsItselfHarmlessly() {
    assertThat(key("1.1.1.1", 80, "a\u202eb")).hasToString("1.1.1.1 80 a\\u202eb");
  }

  private static String randomText(Random random) {
    int[] codePoints =
        random
            .ints(1 + random.nextInt(4), 0, 6)
            .map(i -> List.of(0x41, 0xe9, 0x20ac, 0xffff, 0x1f600, 0x10ffff).get(i))
            .toArray();
    return new String(codePoints, 0, codePoints.length);
  }

  private static ScanKey key(String ip, int port, String service) {
    return new ScanKey(IpAddress.parse(ip), port, service);
  }
}
