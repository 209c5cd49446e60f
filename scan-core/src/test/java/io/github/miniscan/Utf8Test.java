package io.github.miniscan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

  private static final int[] EDGES = {
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
  };

  @Test
  void judgesRandomBytesAsAStrictDecoderDoes() {
    long seed = 42;
    Random random = new Random(seed);
    int valid = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(7)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = (byte) EDGES[random.nextInt(EDGES.length)];
      }
      boolean expected = isStrictlyValid(bytes);
      valid += expected ? 1 : 0;
      assertThat(Utf8.isValid(bytes))
          .as("seed %d: %s", seed, ByteBuffer.wrap(bytes))
          .isEqualTo(expected);
    }
    assertThat(valid).isGreaterThan(3_000);
  }

  @Test
  void judgesEveryPairAndEveryCodePoint() {
    for (int pair = 0; pair < 0x10000; pair++) {
      byte[] bytes = {(byte) (pair >>> 8), (byte) pair};
      assertThat(Utf8.isValid(bytes)).as("%04x", pair).isEqualTo(isStrictlyValid(bytes));
    }
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += 61) {
      if (Character.getType(codePoint) != Character.SURROGATE) {
        assertThat(Utf8.isValid(Character.toString(codePoint).getBytes(UTF_8)))
            .as("U+%04X", codePoint)
            .isTrue();
      }
    }
  }

  @Test
  void encodesLoneSurrogatesAsReplacementCharacters() {
    long seed = 43;
    Random random = new Random(seed);
    String units = "a\u00e9\ud83d\ude00\ud800\udc00";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(6);
      for (int j = 0; j < length; j++) {
        text.append(units.charAt(random.nextInt(units.length())));
      }
      int[] mended =
          text.codePoints()
              .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
              .toArray();
      assertThat(Utf8.encode(text.toString()))
          .as("seed %d", seed)
          .isEqualTo(new String(mended, 0, mended.length).getBytes(UTF_8));
      assertThat(Utf8.hasLoneSurrogate(text.toString()))
          .as("seed %d", seed)
          .isEqualTo(text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE));
    }
  }

  private static boolean isStrictlyValid(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Test
  void encodesAPartOfAnArrayAsItDoesTheSameText() {
    for (String text :
        List.of("", "abc", "a\u007fb", "\u0080", "a\u00e9", "\ud83d\ude00", "a\ud83d")) {
      char[] chars = ("<" + text + ">").toCharArray();
      assertThat(Utf8.encode(chars, 1, text.length())).as(text).isEqualTo(Utf8.encode(text));
    }
  }
}
