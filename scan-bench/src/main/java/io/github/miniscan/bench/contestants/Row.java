package io.github.miniscan.bench.contestants;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One scan as the table takes it. */
final class Row implements Comparable<Row> {

  private static final int PREFIX = 8;

  /** The byte 4 or 6 and the bytes of the address. */
  final byte[] ipKey;

  final int port;
  final String service;
  final String ip;
  final long scannedAt;
  final byte[] response;

  /** What settles the message it came in; null where something else does. */
  final @Nullable String ackId;

  private final long prefix;

  Row(
      byte[] ipKey,
      int port,
      String service,
      String ip,
      long scannedAt,
      byte[] response,
      @Nullable String ackId) {
    this.ipKey = ipKey;
    this.port = port;
    this.service = service;
    this.ip = ip;
    this.scannedAt = scannedAt;
    this.response = response;
    this.ackId = ackId;
    this.prefix = prefix(ipKey, port);
  }

  /** The key's first eight bytes: all of an IPv4 address and its port, half of an IPv6 address. */
  private static long prefix(byte[] ipKey, int port) {
    long prefix = 0;
    for (int i = 0; i < PREFIX && i < ipKey.length; i++) {
      prefix = prefix << 8 | (ipKey[i] & 0xff);
    }
    return ipKey.length < PREFIX ? prefix << 24 | port : prefix;
  }

  /** In the order of the table's B-tree, as far as that makes it quick to write. */
  @Override
  public int compareTo(Row other) {
    int order = Long.compareUnsigned(prefix, other.prefix);
    if (order == 0) {
      order = Arrays.compareUnsigned(ipKey, other.ipKey);
    }
    if (order == 0) {
      order = Integer.compare(port, other.port);
    }
    return order == 0 ? service.compareTo(other.service) : order;
  }
}
