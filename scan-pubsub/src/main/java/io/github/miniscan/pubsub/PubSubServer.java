package io.github.miniscan.pubsub;

import com.google.auth.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which Pub/Sub server to talk to, and how: Google Cloud over TLS with application-default
 * credentials, or an emulator without either. Immutable.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 * @param emulator whether it is an emulator: plaintext and no credentials
 * @param credentials whom to be; null for the application-default credentials. An emulator gets
 *     none
 * @param trustedCertificates a file of certificates in PEM to trust in place of the JVM's own; null
 *     for those
 * @param connectTimeout how long opening may wait for the server
 */
public record PubSubServer(
    String host,
    int port,
    boolean emulator,
    @Nullable Credentials credentials,
    @Nullable Path trustedCertificates,
    Duration connectTimeout) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private static final Pattern ADDRESS =
      Pattern.compile("([\\w.-]+|\\[[0-9A-Fa-f:.]+(?:%\\w+)?])" + ":(\\d{1,9})");

  /**
   * @throws IllegalArgumentException when the port is out of range, or the host empty
   */
  public PubSubServer {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the Pub/Sub server needs a host");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port out of range: " + port + " (1 to 65535)");
    }
  }

  /** Google Cloud, as whoever the application-default credentials say. */
  public static PubSubServer googleCloud() {
    return new PubSubServer("pubsub.googleapis.com", 443, false, null, null, CONNECT_TIMEOUT);
  }

  /**
   * An emulator, ours or Google's, given as {@code PUBSUB_EMULATOR_HOST} gives it.
   *
   * @param address {@code HOST:PORT}; an IPv6 address stands in brackets
   * @throws IllegalArgumentException when it is not of that form
   */
  public static PubSubServer emulator(String address) {
    return parse(address, true);
  }

  /**
   * Another server that speaks TLS and wants credentials, such as a regional endpoint.
   *
   * @param address {@code HOST:PORT}; an IPv6 address stands in brackets
   * @throws IllegalArgumentException when it is not of that form
   */
  public static PubSubServer at(String address) {
    return parse(address, false);
  }

  private static PubSubServer parse(String address, boolean emulator) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "malformed server address: " + address + " (expected HOST:PORT, like localhost:8085)");
    }
    return new PubSubServer(
        matcher.group(1),
        Integer.parseInt(matcher.group(2)),
        emulator,
        null,
        null,
        CONNECT_TIMEOUT);
  }

  /** This server, as someone else. */
  public PubSubServer withCredentials(Credentials credentials) {
    return new PubSubServer(host, port, emulator, credentials, trustedCertificates, connectTimeout);
  }

  /** This server, trusted by these certificates (a file in PEM) and no others. */
  public PubSubServer withTrustedCertificates(Path trustedCertificates) {
    return new PubSubServer(host, port, emulator, credentials, trustedCertificates, connectTimeout);
  }

  /** This server, with another limit for opening. */
  public PubSubServer withConnectTimeout(Duration connectTimeout) {
    return new PubSubServer(host, port, emulator, credentials, trustedCertificates, connectTimeout);
  }

  /** {@code HOST:PORT}. */
  public String address() {
    return host + ":" + port;
  }

  /** Shows no credentials. */
  @Override
  public String toString() {
    return (emulator ? "the emulator at " : "the Pub/Sub server at ") + address();
  }
}
