package io.github.miniscan.bench.contestants;

import org.jspecify.annotations.Nullable;

/** One scan as the table takes it. */
final class Row extends KeyedRow {

  final String ip;
  final long scannedAt;
  final byte[] response;

  /** What settles the message it came in; null where something else does. */
  final @Nullable String ackId;

  Row(
      byte[] ipKey,
      int port,
      String service,
      String ip,
      long scannedAt,
      byte[] response,
      @Nullable String ackId) {
    super(ipKey, port, service);
    this.ip = ip;
    this.scannedAt = scannedAt;
    this.response = response;
    this.ackId = ackId;
  }
}
