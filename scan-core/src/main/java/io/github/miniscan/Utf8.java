package io.github.miniscan;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Strict UTF-8 (RFC 3629): the JDK replaces invalid bytes silently, and turns a lone surrogate into
 * a question mark.
 */
public final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /**
   * Returns whether all bytes are well-formed UTF-8: no overlong form, no encoded surrogate,
   * nothing beyond U+10FFFF, no sequence cut off.
   */
  public static boolean isValid(byte[] bytes) {
    int length = bytes.length;
    int at = 0;
    while (at < length) {
      if (bytes[at] >= 0) {
        at = afterAscii(bytes, at);
        continue;
      }
      int first = bytes[at++] & 0xff;
      int continuation;
      int leastSecond = 0x80;
      int greatestSecond = 0xbf;
      if (first >= 0xc2 && first <= 0xdf) {
        continuation = 1;
      } else if (first >= 0xe0 && first <= 0xef) {
        continuation = 2;
        leastSecond = first == 0xe0 ? 0xa0 : leastSecond;
        greatestSecond = first == 0xed ? 0x9f : greatestSecond;
      } else if (first >= 0xf0 && first <= 0xf4) {
        continuation = 3;
        leastSecond = first == 0xf0 ? 0x90 : leastSecond;
        greatestSecond = first == 0xf4 ? 0x8f : greatestSecond;
      } else {
        return false;
      }
      if (at + continuation > length) {
        return false;
      }
      int second = bytes[at++] & 0xff;
      if (second < leastSecond || second > greatestSecond) {
        return false;
      }
      for (int i = 1; i < continuation; i++) {
        if ((bytes[at++] & 0xc0) != 0x80) {
          return false;
        }
      }
    }
    return true;
  }

  /** Returns the end of the run of ASCII that begins here: most scans are ASCII alone. */
  private static int afterAscii(byte[] bytes, int from) {
    int at = from;
    while (at <= bytes.length - Long.BYTES && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /** Returns the text as UTF-8; a lone surrogate becomes U+FFFD. */
  public static byte[] encode(String text) {
    return withoutLoneSurrogates(text).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns a part of an array as UTF-8, like {@link #encode(String)}. */
  public static byte[] encode(char[] chars, int from, int length) {
    byte[] bytes = new byte[length];
    int all = 0;
    for (int i = 0; i < length; i++) {
      char c = chars[from + i];
      all |= c;
      bytes[i] = (byte) c;
    }
    return all < 0x80 ? bytes : encode(new String(chars, from, length));
  }

  /**
   * Returns whether the text holds a surrogate that is not half of a pair, and so has no UTF-8
   * form.
   */
  public static boolean hasLoneSurrogate(String text) {
    return firstLoneSurrogate(text, 0) >= 0;
  }

  /**
   * Compares two texts as their UTF-8 bytes do, which is the order of code points; {@link
   * String#compareTo} differs beyond the basic plane.
   */
  public static int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        boolean leftBeyond = Character.isSurrogate(l);
        boolean rightBeyond = Character.isSurrogate(r);
        return leftBeyond == rightBeyond ? Character.compare(l, r) : leftBeyond ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  private static String withoutLoneSurrogates(String text) {
    int lone = firstLoneSurrogate(text, 0);
    if (lone < 0) {
      return text;
    }
    StringBuilder mended = new StringBuilder(text);
    while (lone >= 0) {
      mended.setCharAt(lone, '\ufffd');
      lone = firstLoneSurrogate(text, lone + 1);
    }
    return mended.toString();
  }

  private static int firstLoneSurrogate(String text, int from) {
    int length = text.length();
    int at = from;
    while (at < length) {
      if (!Character.isSurrogate(text.charAt(at))) {
        at++;
      } else if (Character.charCount(text.codePointAt(at)) == 2) {
        at += 2;
      } else {
        return at;
      }
    }
    return -1;
  }
}
