package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.Utf8;
import java.util.Arrays;
import java.util.Base64;

/** Writes scans quickly, as the kit's scanner does: compact, in its order of fields. */
final class PlainWriter {

  private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

  private byte[] buffer = new byte[1 << 10];
  private int length;

  /** The scan's payload in this version; version 2 needs a response that is text. */
  byte[] write(ScanRecord scan, int version) {
    length = 0;
    ScanKey key = scan.key();
    ascii("{\"ip\":\"");
    if (key.ip().isV4()) {
      dotted(key.ip().bytes());
    } else {
      ascii(key.ip().toString());
    }
    ascii("\",\"port\":");
    number(key.port());
    ascii(",\"service\":\"");
    text(Utf8.encode(key.service()));
    ascii("\",\"timestamp\":");
    number(scan.lastScanned());
    byte[] response = scan.response().bytesUncopied();
    if (version == 1) {
      ascii(",\"data_version\":1,\"data\":{\"response_bytes_utf8\":\"");
      bytes(Base64.getEncoder().encode(response));
    } else {
      ascii(",\"data_version\":2,\"data\":{\"response_str\":\"");
      text(response);
    }
    ascii("\"}}");
    return Arrays.copyOf(buffer, length);
  }

  private void dotted(byte[] address) {
    for (int i = 0; i < address.length; i++) {
      number(address[i] & 0xff);
      if (i < address.length - 1) {
        ascii(".");
      }
    }
  }

  private void number(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    reserve(digits);
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  /** UTF-8 inside of a JSON string: only what RFC 8259 says must be escaped is. */
  private void text(byte[] utf8) {
    reserve(6 * utf8.length);
    for (byte b : utf8) {
      if (b >= 0 && b < ' ') {
        ascii("\\u00");
        buffer[length++] = HEX[b >> 4];
        buffer[length++] = HEX[b & 0xf];
      } else {
        if (b == '"' || b == '\\') {
          buffer[length++] = '\\';
        }
        buffer[length++] = b;
      }
    }
  }

  private void ascii(String text) {
    int count = text.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      buffer[length + i] = (byte) text.charAt(i);
    }
    length += count;
  }

  private void bytes(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void reserve(int count) {
    if (length + count > buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * (length + count));
    }
  }
}
