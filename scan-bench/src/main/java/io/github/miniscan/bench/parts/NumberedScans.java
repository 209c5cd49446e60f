package io.github.miniscan.bench.parts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.Arrays;
import java.util.List;

/**
 * Scans by number, computed and not kept: the same number is the same key, and a greater number a
 * greater key. Four services on each host, hosts spread over the IPv4 addresses, responses of 8 to
 * 200 bytes.
 */
public final class NumberedScans {

  private static final int SERVICES_PER_HOST = 4;

  private static final List<String> SERVICES = List.of("SSH", "HTTP", "HTTPS", "HTTP");
  private static final List<Integer> PORTS = List.of(22, 80, 443, 8080);
  private static final int SHORTEST_RESPONSE = 8;
  private static final int LONGEST_RESPONSE = 200;
  private static final int ADDRESS_STRIDE = 331;

  private NumberedScans() {}

  /** The host of the scans with these numbers, four by four. */
  public static IpAddress host(int number) {
    return IpAddress.ofV4(0x0100_0000 + number / SERVICES_PER_HOST * ADDRESS_STRIDE);
  }

  /** The scan with this number, at a time in seconds since the epoch. */
  public static ScanRecord scan(int number, long scannedAt) {
    int service = number % SERVICES_PER_HOST;
    ScanKey key = new ScanKey(host(number), PORTS.get(service), SERVICES.get(service));
    return ScanRecord.ofScan(key, scannedAt, response(number, scannedAt));
  }

  private static Response response(int number, long scannedAt) {
    int size = SHORTEST_RESPONSE + number * 31 % (LONGEST_RESPONSE - SHORTEST_RESPONSE + 1);
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) ('a' + number % 26));
    byte[] time = Long.toString(scannedAt).getBytes(US_ASCII);
    System.arraycopy(time, time.length - SHORTEST_RESPONSE, bytes, 0, SHORTEST_RESPONSE);
    return Response.wrap(bytes);
  }
}
