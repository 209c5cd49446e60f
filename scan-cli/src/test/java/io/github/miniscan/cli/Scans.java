package io.github.miniscan.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Messages as a scanner publishes them. */
final class Scans {

  /** The first of the brief's examples, whose response is {@code hello world}. */
  static final String EXAMPLE_1 =
      "{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\",\"timestamp\":1700000000,"
          + "\"data_version\":1,\"data\":{\"response_bytes_utf8\":\"aGVsbG8gd29ybGQ=\"}}";

  /** The second one. */
  static final String EXAMPLE_2 =
      "{\"ip\":\"1.1.1.1\",\"port\":22,\"service\":\"SSH\",\"timestamp\":1700000001,"
          + "\"data_version\":2,\"data\":{\"response_str\":\"hello world\"}}";

  private Scans() {}

  /** A scan of HTTP at port 80 with a response of any characters. */
  static String scan(String ip, String response) {
    return scan(ip, response.getBytes(StandardCharsets.UTF_8));
  }

  static String scan(String ip, byte[] response) {
    return "{\"ip\":\""
        + ip
        + "\",\"port\":80,\"service\":\"HTTP\",\"timestamp\":1700000000,\"data_version\":1,"
        + "\"data\":{\"response_bytes_utf8\":\""
        + Base64.getEncoder().encodeToString(response)
        + "\"}}";
  }
}
