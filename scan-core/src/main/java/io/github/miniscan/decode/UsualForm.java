package io.github.miniscan.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a scan in the form in which scanners write it, at little more than half the cost of a
 * parser for all JSON.
 *
 * <p>The usual form has the known fields and no other, in the usual order, with whole numbers as
 * plain digits and with no escape that stands for more than one byte. It says yes or nothing: what
 * is in another form may be right or wrong, and is for the parser to judge.
 */
final class UsualForm {

  private static final byte[] IP = quoted("ip");
  private static final byte[] PORT = quoted("port");
  private static final byte[] SERVICE = quoted("service");
  private static final byte[] TIMESTAMP = quoted("timestamp");
  private static final byte[] DATA_VERSION = quoted("data_version");
  private static final byte[] DATA = quoted("data");
  private static final byte[] RESPONSE_V1 = quoted(DataVersion.V1.field());
  private static final byte[] RESPONSE_V2 = quoted(DataVersion.V2.field());

  /** All the numbers that have this many digits are longs. */
  private static final int MOST_DIGITS = 18;

  private static final int NOT_ONE_BYTE = -1;
  private static final byte[] NOTHING = {};

  private final byte[] json;

  /** What is read next; the end as soon as the form is another one, so that nothing follows. */
  private int at;

  private boolean usual = true;

  private UsualForm(byte[] json) {
    this.json = json;
  }

  /**
   * The scan as a record, or null when it is in another form or not right.
   *
   * @param json well-formed UTF-8
   */
  static @Nullable ScanRecord readOrNull(byte[] json) {
    return new UsualForm(json).scan();
  }

  private @Nullable ScanRecord scan() {
    symbol('{');
    name(IP);
    IpAddress ip = IpAddress.parseOrNull(new String(string(), ISO_8859_1));
    symbol(',');
    name(PORT);
    long port = number();
    symbol(',');
    name(SERVICE);
    String service = new String(string(), UTF_8);
    symbol(',');
    name(TIMESTAMP);
    long timestamp = number();
    symbol(',');
    name(DATA_VERSION);
    DataVersion version = DataVersion.ofNumber(number());
    symbol(',');
    name(DATA);
    symbol('{');
    name(version == DataVersion.V1 ? RESPONSE_V1 : RESPONSE_V2);
    byte[] response = string();
    symbol('}');
    symbol('}');
    skipSpace();
    if (!usual
        || at < json.length
        || ip == null
        || !ScanKey.isPort(port)
        || !ScanKey.isService(service)
        || version == null) {
      return null;
    }
    try {
      ScanKey key = new ScanKey(ip, (int) port, service);
      return ScanRecord.ofScan(key, timestamp, version.response(response));
    } catch (RejectedException e) {
      return null;
    }
  }

  private void symbol(char symbol) {
    skipSpace();
    if (at < json.length && json[at] == symbol) {
      at++;
    } else {
      leave();
    }
  }

  private void name(byte[] quoted) {
    skipSpace();
    int end = at + quoted.length;
    if (end <= json.length && Arrays.equals(json, at, end, quoted, 0, quoted.length)) {
      at = end;
    } else {
      leave();
    }
    symbol(':');
  }

  /** A whole number without sign, or -1. */
  private long number() {
    skipSpace();
    int start = at;
    long number = 0;
    while (at < json.length && isDigit(json[at]) && at - start < MOST_DIGITS) {
      number = number * 10 + (json[at++] - '0');
    }
    boolean leadingZero = at - start > 1 && json[start] == '0';
    if (at == start || leadingZero) {
      leave();
      return -1;
    }
    return number;
  }

  /** What a string stands for, in UTF-8. */
  private byte[] string() {
    symbol('"');
    int start = at;
    while (at < json.length && isPlain(json[at])) {
      at++;
    }
    if (at < json.length && json[at] == '"') {
      return Arrays.copyOfRange(json, start, at++);
    }
    return escapedString(start);
  }

  private byte[] escapedString(int start) {
    byte[] text = new byte[json.length - start];
    int length = at - start;
    System.arraycopy(json, start, text, 0, length);
    while (at < json.length) {
      byte b = json[at++];
      if (b == '"') {
        return Arrays.copyOf(text, length);
      }
      int meant = b == '\\' ? escaped() : isPlain(b) ? b : NOT_ONE_BYTE;
      if (meant == NOT_ONE_BYTE) {
        break;
      }
      text[length++] = (byte) meant;
    }
    leave();
    return NOTHING;
  }

  /** The one byte that the escape stands for whose backslash was just read, or NOT_ONE_BYTE. */
  private int escaped() {
    if (at == json.length) {
      return NOT_ONE_BYTE;
    }
    byte letter = json[at++];
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> asciiByNumber();
      default -> NOT_ONE_BYTE;
    };
  }

  private int asciiByNumber() {
    if (at + 4 > json.length) {
      return NOT_ONE_BYTE;
    }
    int number = 0;
    for (int end = at + 4; at < end; at++) {
      int digit = Character.digit(json[at], 16);
      if (digit < 0) {
        return NOT_ONE_BYTE;
      }
      number = number << 4 | digit;
    }
    return number < 0x80 ? number : NOT_ONE_BYTE;
  }

  private void skipSpace() {
    while (at < json.length && isSpace(json[at])) {
      at++;
    }
  }

  private void leave() {
    usual = false;
    at = json.length;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Whether the byte stands for itself in a string. */
  private static boolean isPlain(byte b) {
    return b != '"' && b != '\\' && (b < 0 || b >= ' ');
  }

  private static byte[] quoted(String name) {
    return ('"' + name + '"').getBytes(ISO_8859_1);
  }
}
