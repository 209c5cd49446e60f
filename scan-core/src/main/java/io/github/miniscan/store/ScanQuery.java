package io.github.miniscan.store;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for: those that match everything that is given.
 *
 * <p>Immutable: each {@code with} method gives a new query.
 */
public final class ScanQuery {

  private static final ScanQuery ALL = new ScanQuery(null, null, null, Long.MAX_VALUE);

  private final @Nullable IpAddress ip;
  private final @Nullable Integer port;
  private final @Nullable String service;
  private final long limit;

  private ScanQuery(
      @Nullable IpAddress ip, @Nullable Integer port, @Nullable String service, long limit) {
    this.ip = ip;
    this.port = port;
    this.service = service;
    this.limit = limit;
  }

  /** Every record. */
  public static ScanQuery all() {
    return ALL;
  }

  /** Only records of this host. */
  public ScanQuery withIp(IpAddress ip) {
    return new ScanQuery(ip, port, service, limit);
  }

  /**
   * Only records of this port.
   *
   * @throws IllegalArgumentException when it is not a port
   */
  public ScanQuery withPort(int port) {
    if (!ScanKey.isPort(port)) {
      throw new IllegalArgumentException("port out of range: " + port + " (0 to 65535)");
    }
    return new ScanQuery(ip, port, service, limit);
  }

  /** Only records of this service, to the letter. */
  public ScanQuery withService(String service) {
    return new ScanQuery(ip, port, service, limit);
  }

  /**
   * No more than this many records.
   *
   * @throws IllegalArgumentException when it is negative
   */
  public ScanQuery withLimit(long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit out of range: " + limit + " (0 or more)");
    }
    return new ScanQuery(ip, port, service, limit);
  }

  public Optional<IpAddress> ip() {
    return Optional.ofNullable(ip);
  }

  public Optional<Integer> port() {
    return Optional.ofNullable(port);
  }

  public Optional<String> service() {
    return Optional.ofNullable(service);
  }

  /** The most records to give; {@link Long#MAX_VALUE} for no limit. */
  public long limit() {
    return limit;
  }

  /** Whether the record is asked for, the limit aside. */
  public boolean matches(ScanRecord record) {
    ScanKey key = record.key();
    return (ip == null || ip.equals(key.ip()))
        && (port == null || port == key.port())
        && (service == null || service.equals(key.service()));
  }
}
