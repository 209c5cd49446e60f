package io.github.miniscan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain text", "na\u00efve \u670d\u52d9 \ud83d\ude00", "'\"<>&", "a\u00a0b"})
  void leavesHarmlessTextAsItIs(String text) {
    assertThat(VisibleText.of(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "001b, \\u001b", "0000, \\u0000", "0007, \\u0007", "007f, \\u007f", "0085, \\u0085",
    "009b, \\u009b", "200b, \\u200b", "202e, \\u202e", "2066, \\u2066", "2069, \\u2069",
    "061c, \\u061c", "feff, \\ufeff", "2028, \\u2028", "2029, \\u2029", "e000, \\ue000",
    "d800, \\ud800", "ffff, \\uffff", "e0041, \\udb40\\udc41", "000a, \\n", "000d, \\r",
    "0009, \\t", "005c, \\\\",
  })
  void showsWhatIsNotHarmlessAsAnEscape(String codePoint, String shown) {
    String hostile = Character.toString(Integer.parseInt(codePoint, 16));
    assertThat(VisibleText.of(hostile)).isEqualTo(shown);
    assertThat(VisibleText.of("a" + hostile + "b")).isEqualTo("a" + shown + "b");
  }

  @Test
  void neverShowsAControlOrADirection() {
    long seed = 3;
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      String text =
          random
              .ints(20, 0, 0x3000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(VisibleText.of(text).codePoints())
          .as("seed %d", seed)
          .noneMatch(
              c ->
                  Character.isISOControl(c)
                      || Character.getType(c) == Character.FORMAT
                      || c == 0x2028
                      || c == 0x2029);
    }
  }

  @Test
  void cutsLongTextWithoutCuttingACharacter() {
    assertThat(VisibleText.shortened("x".repeat(80))).isEqualTo("x".repeat(80));
    assertThat(VisibleText.shortened("x".repeat(81))).isEqualTo("x".repeat(80) + "\u2026");
    assertThat(VisibleText.shortened("x".repeat(79) + "\ud83d\ude00\ud83d\ude00"))
        .isEqualTo("x".repeat(79) + "\u2026");
  }
}
