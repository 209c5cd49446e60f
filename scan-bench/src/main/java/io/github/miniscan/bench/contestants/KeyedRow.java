package io.github.miniscan.bench.contestants;

import java.util.Arrays;

/** A row that is put in the order of its key by whoever writes it without {@code scan}. */
public abstract class KeyedRow implements Comparable<KeyedRow> {

  private static final int PREFIX = 8;

  /** The byte 4 or 6 and the bytes of the address. */
  protected final byte[] ipKey;

  protected final int port;
  protected final String service;

  private final long prefix;

  /**
   * A row of this key.
   *
   * @param ipKey the byte 4 or 6 and the bytes of the address; not copied
   */
  protected KeyedRow(byte[] ipKey, int port, String service) {
    this.ipKey = ipKey;
    this.port = port;
    this.service = service;
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
  public final int compareTo(KeyedRow other) {
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
