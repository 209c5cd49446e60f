package io.github.miniscan.proof.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses once more, from RFC 4291 (section 2.2), RFC 5952 and the record rules, as directly as
 * they can be said and as slow as that may be.
 */
final class ReferenceAddress {

  private static final String NUMBER = "(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
  private static final Pattern V4 =
      Pattern.compile(String.join("\\.", Collections.nCopies(4, NUMBER)));
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private ReferenceAddress() {}

  /** The 4 or 16 bytes of an address, those of the IPv4 host for a mapped one; or null. */
  static byte @Nullable [] parse(String text) {
    if (text.indexOf(':') < 0) {
      return parseV4(text);
    }
    String hexadecimal = withoutDots(text);
    return hexadecimal == null ? null : parseGroups(hexadecimal);
  }

  private static byte @Nullable [] parseV4(String text) {
    Matcher numbers = V4.matcher(text);
    if (!numbers.matches()) {
      return null;
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(numbers.group(i + 1));
    }
    return bytes;
  }

  /** The last 32 bits as two groups, where they are written in decimal numbers. */
  private static @Nullable String withoutDots(String text) {
    int tail = text.lastIndexOf(':') + 1;
    if (text.indexOf('.', tail) < 0) {
      return text;
    }
    byte[] v4 = parseV4(text.substring(tail));
    if (v4 == null) {
      return null;
    }
    String hex = HexFormat.of().formatHex(v4);
    return text.substring(0, tail) + hex.substring(0, 4) + ":" + hex.substring(4);
  }

  private static byte @Nullable [] parseGroups(String text) {
    List<String> groups = new ArrayList<>();
    int gap = text.indexOf("::");
    if (gap < 0) {
      Collections.addAll(groups, text.split(":", -1));
    } else {
      if (text.indexOf("::", gap + 1) >= 0) {
        return null;
      }
      List<String> left = listed(text.substring(0, gap));
      List<String> right = listed(text.substring(gap + 2));
      int zeros = 8 - left.size() - right.size();
      if (zeros < 1) {
        return null;
      }
      groups.addAll(left);
      groups.addAll(Collections.nCopies(zeros, "0"));
      groups.addAll(right);
    }
    if (groups.size() != 8) {
      return null;
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      if (!GROUP.matcher(groups.get(i)).matches()) {
        return null;
      }
      int value = Integer.parseInt(groups.get(i), 16);
      bytes[2 * i] = (byte) (value >> 8);
      bytes[2 * i + 1] = (byte) value;
    }
    return unmapped(bytes);
  }

  private static List<String> listed(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(":", -1));
  }

  /** {@code ::ffff:0:0/96} is the IPv4 host (RFC 4291, section 2.5.5.2). */
  static byte[] unmapped(byte[] bytes) {
    byte[] prefix = new byte[12];
    prefix[10] = prefix[11] = (byte) 0xff;
    return bytes.length == 16 && Arrays.equals(bytes, 0, 12, prefix, 0, 12)
        ? Arrays.copyOfRange(bytes, 12, 16)
        : bytes;
  }

  /** The text of RFC 5952, in hexadecimal groups; for 4 bytes the dotted decimal. */
  static String format(byte[] bytes) {
    List<String> parts = new ArrayList<>();
    if (bytes.length == 4) {
      for (byte number : bytes) {
        parts.add(Integer.toString(Byte.toUnsignedInt(number)));
      }
      return String.join(".", parts);
    }
    for (int i = 0; i < 16; i += 2) {
      parts.add(
          Integer.toHexString(
              Byte.toUnsignedInt(bytes[i]) << 8 | Byte.toUnsignedInt(bytes[i + 1])));
    }
    for (int run = 8; run >= 2; run--) {
      int from = Collections.indexOfSubList(parts, Collections.nCopies(run, "0"));
      if (from >= 0) {
        return String.join(":", parts.subList(0, from))
            + "::"
            + String.join(":", parts.subList(from + run, 8));
      }
    }
    return String.join(":", parts);
  }
}
