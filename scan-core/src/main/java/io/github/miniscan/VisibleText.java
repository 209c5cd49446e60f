package io.github.miniscan;

/**
 * Text from strangers, made harmless for a person's eyes.
 *
 * <p>Banners are written by attackers: a terminal obeys escape sequences, and bidirectional
 * overrides make a line read as another. What is stored stays exact; only what a person sees (a
 * table, a log, an error message) goes through here.
 */
public final class VisibleText {

  private static final int SHORT = 80;

  private VisibleText() {}

  /**
   * Returns the text with every control, format and bidirectional character, line and paragraph
   * separator, lone surrogate, private-use and unassigned character shown as a Java-style escape
   * ({@code \n}, <code>&#92;u001b</code>), and a backslash doubled so that nothing is ambiguous.
   */
  public static String of(CharSequence text) {
    StringBuilder visible = null;
    int length = text.length();
    for (int i = 0; i < length; ) {
      int codePoint = Character.codePointAt(text, i);
      int width = Character.charCount(codePoint);
      if (isHarmless(codePoint)) {
        if (visible != null) {
          visible.appendCodePoint(codePoint);
        }
      } else {
        if (visible == null) {
          visible = new StringBuilder(length + 16).append(text, 0, i);
        }
        appendEscape(visible, codePoint);
      }
      i += width;
    }
    return visible == null ? text.toString() : visible.toString();
  }

  /**
   * Returns the same as {@link #of} for the first 80 characters, with an ellipsis: for messages.
   */
  public static String shortened(CharSequence text) {
    if (text.length() <= SHORT) {
      return of(text);
    }
    int end = Character.isHighSurrogate(text.charAt(SHORT - 1)) ? SHORT - 1 : SHORT;
    return of(text.subSequence(0, end)) + "…";
  }

  private static boolean isHarmless(int codePoint) {
    if (codePoint >= ' ' && codePoint < 0x7f) {
      return codePoint != '\\';
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static void appendEscape(StringBuilder visible, int codePoint) {
    switch (codePoint) {
      case '\\' -> visible.append("\\\\");
      case '\n' -> visible.append("\\n");
      case '\r' -> visible.append("\\r");
      case '\t' -> visible.append("\\t");
      default -> {
        for (char unit : Character.toChars(codePoint)) {
          visible.append(String.format("\\u%04x", (int) unit));
        }
      }
    }
  }
}
