package io.github.miniscan.traffic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/**
 * The kit's toy scanner: random scans of {@code 1.1.1.0/24}, stamped with the present second.
 *
 * <p>Each payload is one that the kit's own scanner could publish, to the byte: 50 million keys, so
 * that hardly any is scanned twice, in both data versions, half each. Which scans depends on the
 * seed alone. Not safe for use by several threads.
 */
public final class ToyScanner {

  private static final List<String> SERVICES = List.of("HTTP", "SSH", "DNS");
  private static final int HOSTS = 255;
  private static final int PORTS = 65_535;
  private static final int RESPONSES = 100;

  private final Dice dice;
  private final InstantSource clock;

  /** A scanner whose scans follow from the seed, and their times from the clock. */
  public ToyScanner(long seed, InstantSource clock) {
    this.dice = new Dice(seed);
    this.clock = clock;
  }

  /** The payload of the next scan. */
  public byte[] next() {
    String ip = "1.1.1." + dice.below(HOSTS);
    int port = dice.below(PORTS);
    String service = dice.oneOf(SERVICES);
    int version = 1 + dice.below(2);
    String response = "service response: " + dice.below(RESPONSES);
    String data =
        version == 1
            ? "\"response_bytes_utf8\":\""
                + Base64.getEncoder().encodeToString(response.getBytes(US_ASCII))
            : "\"response_str\":\"" + response;
    String json =
        "{\"ip\":\""
            + ip
            + "\",\"port\":"
            + port
            + ",\"service\":\""
            + service
            + "\",\"timestamp\":"
            + clock.instant().getEpochSecond()
            + ",\"data_version\":"
            + version
            + ",\"data\":{"
            + data
            + "\"}}";
    return json.getBytes(US_ASCII);
  }
}
