package io.github.miniscan;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A literal IPv4 or IPv6 address, in one canonical form.
 *
 * <p>Nothing is ever looked up. {@link #toString()} gives dotted decimal for IPv4 and RFC 5952 for
 * IPv6, always in hexadecimal groups. An IPv4-mapped IPv6 address ({@code ::ffff:0:0/96}, RFC 4291)
 * is the IPv4 host. Addresses sort IPv4 before IPv6, and numerically within a family.
 */
public final class IpAddress implements Comparable<IpAddress> {

  private static final int MAX_LITERAL_LENGTH = 45;
  private static final int GROUPS = 8;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final boolean v4;
  private final long high;
  private final long low;

  private IpAddress(boolean v4, long high, long low) {
    this.v4 = v4;
    this.high = high;
    this.low = low;
  }

  /**
   * Reads an address strictly: four decimal numbers without leading zeros, or RFC 4291 text. No
   * zone, no brackets, no prefix length, no white space.
   *
   * @throws IllegalArgumentException when the text is not an address
   */
  public static IpAddress parse(CharSequence text) {
    IpAddress address = parseOrNull(text);
    if (address == null) {
      throw new IllegalArgumentException(
          "not an IPv4 or IPv6 address: \"" + VisibleText.shortened(text) + "\"");
    }
    return address;
  }

  /** Returns the same as {@link #parse}, or null instead of an exception: for the hot path. */
  public static @Nullable IpAddress parseOrNull(CharSequence text) {
    int length = text.length();
    if (length < 2 || length > MAX_LITERAL_LENGTH) {
      return null;
    }
    int firstColon = -1;
    for (int i = 0; i < length && firstColon < 0; i++) {
      char c = text.charAt(i);
      if (c == ':') {
        firstColon = i;
      } else if (c == '.') {
        break;
      }
    }
    if (firstColon >= 0) {
      return parseV6(text, length);
    }
    long host = parseV4(text, 0, length);
    return host < 0 ? null : ofV4((int) host);
  }

  /**
   * The address with these 4 or 16 bytes, most significant first.
   *
   * @throws IllegalArgumentException when there are neither 4 nor 16 bytes
   */
  public static IpAddress ofBytes(byte[] bytes) {
    if (bytes.length == 4) {
      return ofV4((int) number(bytes, 0, 4));
    }
    if (bytes.length == 16) {
      return ofV6(number(bytes, 0, 8), number(bytes, 8, 8));
    }
    throw new IllegalArgumentException(
        "an address has 4 or 16 bytes, not " + bytes.length + " bytes");
  }

  /** The IPv4 address with these 32 bits, the most significant being the first number. */
  public static IpAddress ofV4(int bits) {
    return new IpAddress(true, 0, bits & 0xffff_ffffL);
  }

  /** The IPv6 address with these 128 bits; an IPv4-mapped one is the IPv4 host. */
  public static IpAddress ofV6(long high, long low) {
    if (high == 0 && low >>> 32 == 0xffff) {
      return ofV4((int) low);
    }
    return new IpAddress(false, high, low);
  }

  /** Whether this is an IPv4 address. */
  public boolean isV4() {
    return v4;
  }

  /** The upper 64 of the 128 bits of an IPv6 address; 0 for IPv4. */
  public long high() {
    return high;
  }

  /** The lower 64 of the 128 bits of an IPv6 address; the 32 bits of an IPv4 address. */
  public long low() {
    return low;
  }

  /** The address as 4 or 16 bytes, most significant first; a new array each time. */
  public byte[] bytes() {
    byte[] bytes = new byte[v4 ? 4 : 16];
    for (int i = bytes.length - 1, shift = 0; i >= 0; i--, shift += 8) {
      long word = shift < 64 ? low : high;
      bytes[i] = (byte) (word >>> (shift & 63));
    }
    return bytes;
  }

  /**
   * Returns the address as bytes that sort as addresses do, for the keys of stores: the byte 4 or
   * 6, and then {@link #bytes()}. No such array is the beginning of another. A new array each time.
   */
  public byte[] sortableBytes() {
    return v4
        ? ByteBuffer.allocate(1 + Integer.BYTES).put((byte) 4).putInt((int) low).array()
        : ByteBuffer.allocate(1 + 2 * Long.BYTES).put((byte) 6).putLong(high).putLong(low).array();
  }

  /**
   * Returns the address whose {@link #sortableBytes()} these are.
   *
   * @throws IllegalArgumentException when they are not those of an address
   */
  public static IpAddress ofSortableBytes(byte[] bytes) {
    if (bytes.length == 5 || bytes.length == 17) {
      IpAddress address = ofBytes(Arrays.copyOfRange(bytes, 1, bytes.length));
      if (Arrays.equals(address.sortableBytes(), bytes)) {
        return address;
      }
    }
    throw new IllegalArgumentException(
        "not the sortable bytes of an address: " + HexFormat.of().formatHex(bytes));
  }

  @Override
  public int compareTo(IpAddress other) {
    if (v4 != other.v4) {
      return v4 ? -1 : 1;
    }
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof IpAddress other
        && v4 == other.v4
        && high == other.high
        && low == other.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low);
  }

  /** Returns the canonical text. */
  @Override
  public String toString() {
    return v4 ? v4Text() : v6Text();
  }

  private String v4Text() {
    StringBuilder text = new StringBuilder(15);
    for (int shift = 24; shift >= 0; shift -= 8) {
      text.append((low >>> shift) & 0xff);
      if (shift > 0) {
        text.append('.');
      }
    }
    return text.toString();
  }

  /** RFC 5952: lower case, no leading zeros, the longest run of zero groups (two or more) as ::. */
  private String v6Text() {
    int runStart = -1;
    int runLength = 1;
    for (int start = 0; start < GROUPS; start++) {
      int end = start;
      while (end < GROUPS && group(end) == 0) {
        end++;
      }
      if (end - start > runLength) {
        runStart = start;
        runLength = end - start;
      }
      start = Math.max(start, end);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
        continue;
      }
      if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      appendHex(text, group(i));
    }
    return text.toString();
  }

  private int group(int index) {
    long word = index < 4 ? high : low;
    return (int) (word >>> (48 - 16 * (index & 3))) & 0xffff;
  }

  private static void appendHex(StringBuilder text, int group) {
    boolean leading = true;
    for (int shift = 12; shift >= 0; shift -= 4) {
      int digit = (group >>> shift) & 0xf;
      leading &= digit == 0 && shift > 0;
      if (!leading) {
        text.append(HEX[digit]);
      }
    }
  }

  private static long number(byte[] bytes, int from, int count) {
    long number = 0;
    for (int i = from; i < from + count; i++) {
      number = (number << 8) | (bytes[i] & 0xff);
    }
    return number;
  }

  /** The 32 bits of a dotted-decimal address, or -1. */
  private static long parseV4(CharSequence text, int from, int to) {
    long bits = 0;
    int dots = 0;
    // Value of the current number, or -1 before its first digit. No digit may follow a leading
    // zero.
    int value = -1;
    for (int at = from; at < to; at++) {
      char c = text.charAt(at);
      if (isDigit(c) && value != 0) {
        value = Math.max(value, 0) * 10 + (c - '0');
        if (value > 255) {
          return -1;
        }
      } else if (c == '.' && value >= 0 && dots < 3) {
        bits = (bits << 8) | value;
        dots++;
        value = -1;
      } else {
        return -1;
      }
    }
    return dots == 3 && value >= 0 ? (bits << 8) | value : -1;
  }

  private static @Nullable IpAddress parseV6(CharSequence text, int length) {
    long high = 0;
    long low = 0;
    int groups = 0;
    int gapAt = -1;
    int at = 0;
    if (text.charAt(0) == ':') {
      if (text.charAt(1) != ':') {
        return null;
      }
      gapAt = 0;
      at = 2;
    }
    while (at < length) {
      int start = at;
      int value = 0;
      int digit;
      while (at < length && (digit = hexDigit(text.charAt(at))) >= 0) {
        value = (value << 4) | digit;
        at++;
        if (at - start > 4) {
          return null;
        }
      }
      int taken = 1;
      long bits = value;
      if (at < length && text.charAt(at) == '.') {
        bits = parseV4(text, start, length);
        if (bits < 0) {
          return null;
        }
        taken = 2;
        at = length;
      } else if (at == start) {
        return null;
      }
      groups += taken;
      if (groups > GROUPS) {
        return null;
      }
      high = (high << (16 * taken)) | (low >>> (64 - 16 * taken));
      low = (low << (16 * taken)) | bits;
      if (at < length) {
        if (text.charAt(at) != ':') {
          return null;
        }
        at++;
        if (at < length && text.charAt(at) == ':') {
          if (gapAt >= 0) {
            return null;
          }
          gapAt = groups;
          at++;
        } else if (at == length) {
          return null;
        }
      }
    }
    if (gapAt < 0) {
      return groups == GROUPS ? ofV6(high, low) : null;
    }
    return groups == GROUPS ? null : withGap(high, low, groups, gapAt);
  }

  /** Puts the zero groups that {@code ::} stands for between the groups before and after it. */
  private static IpAddress withGap(long high, long low, int groups, int gapAt) {
    long[] wide = new long[GROUPS];
    for (int i = 0; i < groups; i++) {
      int fromEnd = groups - 1 - i;
      long word = fromEnd < 4 ? low : high;
      long value = (word >>> (16 * (fromEnd & 3))) & 0xffff;
      wide[i < gapAt ? i : GROUPS - groups + i] = value;
    }
    return ofV6(
        (wide[0] << 48) | (wide[1] << 32) | (wide[2] << 16) | wide[3],
        (wide[4] << 48) | (wide[5] << 32) | (wide[6] << 16) | wide[7]);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int hexDigit(char c) {
    if (isDigit(c)) {
      return c - '0';
    }
    int letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' && c < 0x80 ? letter - 'a' + 10 : -1;
  }
}
