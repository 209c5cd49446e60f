package io.github.miniscan.traffic;

import io.github.miniscan.IpAddress;
import java.util.Locale;

/** The many ways to write one address (RFC 4291, section 2.2). */
final class IpSpelling {

  private static final int GROUPS = 8;
  private static final int SPELLINGS = 5;

  private IpSpelling() {}

  /** Some text for this address, seldom the canonical one. */
  static String of(IpAddress ip, Dice dice) {
    byte[] bytes = ip.bytes();
    boolean upper = dice.below(2) == 0;
    String text = ip.isV4() ? ofV4(bytes, dice) : ofV6(bytes, dice);
    return upper ? text.toUpperCase(Locale.ROOT) : text;
  }

  private static String ofV4(byte[] bytes, Dice dice) {
    String dotted = dotted(bytes, 0);
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(bytes, 0, mapped, 12, 4);
    return switch (dice.below(4)) {
      case 0 -> dotted;
      case 1 -> "::ffff:" + dotted;
      case 2 -> "0000:0000:0000:0000:0000:ffff:" + dotted;
      default -> ofV6(mapped, dice);
    };
  }

  private static String ofV6(byte[] bytes, Dice dice) {
    return switch (dice.below(SPELLINGS)) {
      case 0 -> groups(bytes, 1, 0, GROUPS);
      case 1 -> groups(bytes, 4, 0, GROUPS);
      case 2 -> groups(bytes, 1, 0, 6) + ":" + dotted(bytes, 12);
      default -> withGap(bytes, dice);
    };
  }

  /** Puts :: for any run of zeros, be it short, or not the longest. */
  private static String withGap(byte[] bytes, Dice dice) {
    int from = dice.below(GROUPS);
    int end = from;
    while (end < GROUPS && bytes[2 * end] == 0 && bytes[2 * end + 1] == 0) {
      end++;
    }
    return end == from
        ? groups(bytes, 1, 0, GROUPS)
        : groups(bytes, 1, 0, from) + "::" + groups(bytes, 3, end, GROUPS);
  }

  /** Groups as hexadecimal numbers of at least so many digits. */
  private static String groups(byte[] bytes, int digits, int from, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < end; i++) {
      int group = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
      String number = Integer.toHexString(group);
      text.append(i == from ? "" : ":")
          .append("0".repeat(Math.max(0, digits - number.length())))
          .append(number);
    }
    return text.toString();
  }

  private static String dotted(byte[] bytes, int from) {
    return (bytes[from] & 0xff)
        + "."
        + (bytes[from + 1] & 0xff)
        + "."
        + (bytes[from + 2] & 0xff)
        + "."
        + (bytes[from + 3] & 0xff);
  }
}
