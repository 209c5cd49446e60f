package io.github.miniscan;

import static java.util.Objects.requireNonNull;

/**
 * The identity of a record: a service on a port of a host.
 *
 * <p>Keys sort by address (IPv4 before IPv6, numerically), port, and service as UTF-8 bytes.
 *
 * @param ip the host
 * @param port 0 to 65535; 0 does occur
 * @param service 1 to 255 bytes of UTF-8, not only Unicode white space, without control characters
 *     (category Cc) and lone surrogates; kept exactly, so {@code HTTP} is not {@code http}
 */
public record ScanKey(IpAddress ip, int port, String service) implements Comparable<ScanKey> {

  private static final int MAX_PORT = 65_535;
  private static final int MAX_SERVICE_BYTES = 255;

  /**
   * Creates a key.
   *
   * @throws IllegalArgumentException when port or service are out of their range
   */
  public ScanKey {
    requireNonNull(ip, "ip");
    requireNonNull(service, "service");
    if (!isPort(port)) {
      throw new IllegalArgumentException("port out of range: " + port + " (0 to 65535)");
    }
    if (!isService(service)) {
      throw new IllegalArgumentException(
          "not a service name: \""
              + VisibleText.shortened(service)
              + "\" (1 to 255 bytes of UTF-8, not only white space, no control characters)");
    }
  }

  /** Returns whether this is a port: 0 to 65535. */
  public static boolean isPort(long port) {
    return port >= 0 && port <= MAX_PORT;
  }

  /** Returns whether this is a service name. */
  public static boolean isService(String service) {
    boolean blank = true;
    int bytes = 0;
    for (int i = 0; i < service.length(); i++) {
      char c = service.charAt(i);
      if (c > ' ' && c < 0x7f) {
        blank = false;
        bytes++;
        continue;
      }
      int codePoint = service.codePointAt(i);
      int type = Character.getType(codePoint);
      if (type == Character.CONTROL || type == Character.SURROGATE) {
        return false;
      }
      blank &= isWhiteSpace(type);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      i += Character.charCount(codePoint) - 1;
    }
    return !blank && bytes <= MAX_SERVICE_BYTES;
  }

  /** The property White_Space but for controls; {@link Character#isWhitespace} omits U+00A0. */
  private static boolean isWhiteSpace(int type) {
    return type == Character.SPACE_SEPARATOR
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  @Override
  public int compareTo(ScanKey other) {
    int byIp = ip.compareTo(other.ip);
    if (byIp != 0) {
      return byIp;
    }
    return port != other.port
        ? Integer.compare(port, other.port)
        : Utf8.compare(service, other.service);
  }

  /** For messages: {@code 1.1.1.1 80 HTTP}, harmless to show. */
  @Override
  public String toString() {
    return ip + " " + port + " " + VisibleText.of(service);
  }
}
