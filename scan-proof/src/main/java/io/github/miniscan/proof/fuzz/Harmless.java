package io.github.miniscan.proof.fuzz;

import java.util.Set;

/** What may reach a terminal, in words of its own: no part of the program says it. */
final class Harmless {

  /** U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069: Unicode's bidi controls. */
  private static final Set<Integer> BIDIRECTIONAL =
      Set.of(
          0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068,
          0x2069);

  private Harmless() {}

  /** One line for a person. */
  static void requireLine(String text) {
    require(text, false);
  }

  /** Several lines. */
  static void requireLines(String text) {
    require(text, true);
  }

  private static void require(String text, boolean lines) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      boolean harmful =
          Character.isISOControl(c) && !(lines && c == '\n')
              || c == 0x2028
              || c == 0x2029
              || BIDIRECTIONAL.contains(c)
              || (c >= 0xd800 && c <= 0xdfff);
      if (harmful) {
        throw new AssertionError(
            "U+%04X got out at %d of %d characters".formatted(c, i, text.length()));
      }
      i += Character.charCount(c);
    }
  }
}
