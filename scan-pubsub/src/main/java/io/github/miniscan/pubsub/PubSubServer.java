package io.github.miniscan.pubsub;

import com.google.auth.Credentials;
import io.github.miniscan.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a Pub/Sub server, and how to talk to it: Google Cloud over TLS with
 * application-default credentials, or an emulator without either. Immutable.
 */
public final class PubSubServer {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private static final Pattern ADDRESS =
      Pattern.compile("([^:\\[\\]]+|\\[[^\\[\\]]+])" + ":(\\d{1,9})");

  /** Names that networks know: a compose service may have an underscore. */
  private static final Pattern NAME = Pattern.compile("[\\w-]+(\\.[\\w-]+)*\\.?");

  private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f:.]+)(?:%\\w+)?]");

  private final String host;
  private final int port;
  private final boolean emulator;
  private final @Nullable Credentials credentials;
  private final @Nullable Path trustedCertificates;
  private final Duration connectTimeout;

  private PubSubServer(
      String host,
      int port,
      boolean emulator,
      @Nullable Credentials credentials,
      @Nullable Path trustedCertificates,
      Duration connectTimeout) {
    this.host = host;
    this.port = port;
    this.emulator = emulator;
    this.credentials = credentials;
    this.trustedCertificates = trustedCertificates;
    this.connectTimeout = connectTimeout;
  }

  /** Returns Google Cloud, with the application-default credentials. */
  public static PubSubServer googleCloud() {
    return at("pubsub.googleapis.com:443");
  }

  /**
   * Returns an emulator, ours or Google's: plaintext and no credentials.
   *
   * @param address {@code HOST:PORT}, as in {@code PUBSUB_EMULATOR_HOST}; an IPv6 address stands in
   *     brackets
   * @throws IllegalArgumentException when the address is malformed
   */
  public static PubSubServer emulator(String address) {
    return parse(address, true);
  }

  /**
   * Returns another server that speaks TLS and takes credentials, such as a regional endpoint.
   *
   * @param address {@code HOST:PORT}; an IPv6 address stands in brackets
   * @throws IllegalArgumentException when the address is malformed, or its host cannot be the name
   *     in a certificate
   */
  public static PubSubServer at(String address) {
    PubSubServer server = parse(address, false);
    if (HostResolver.isNeededFor(server.unbracketedHost(), server.port)) {
      throw new IllegalArgumentException(
          "host name not usable with TLS: " + server.host + " (letters, digits, hyphens and dots)");
    }
    return server;
  }

  private static PubSubServer parse(String address, boolean emulator) {
    Matcher matcher = ADDRESS.matcher(Objects.requireNonNull(address, "address"));
    if (!matcher.matches() || !isHost(matcher.group(1))) {
      throw new IllegalArgumentException(
          "malformed server address: " + address + " (expected HOST:PORT, like localhost:8085)");
    }
    int port = Integer.parseInt(matcher.group(2));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port out of range: " + port + " (1 to 65535)");
    }
    return new PubSubServer(matcher.group(1), port, emulator, null, null, CONNECT_TIMEOUT);
  }

  private static boolean isHost(String text) {
    Matcher ipv6 = IPV6.matcher(text);
    return ipv6.matches()
        ? IpAddress.parseOrNull(ipv6.group(1)) != null && text.indexOf(':') > 0
        : NAME.matcher(text).matches();
  }

  /** Returns this server with other credentials. An emulator gets none. */
  public PubSubServer withCredentials(Credentials credentials) {
    Objects.requireNonNull(credentials, "credentials");
    return new PubSubServer(host, port, emulator, credentials, trustedCertificates, connectTimeout);
  }

  /** Returns this server with a file of certificates (PEM) to trust in place of the JVM's own. */
  public PubSubServer withTrustedCertificates(Path trustedCertificates) {
    Objects.requireNonNull(trustedCertificates, "trustedCertificates");
    return new PubSubServer(host, port, emulator, credentials, trustedCertificates, connectTimeout);
  }

  /**
   * Returns this server with another limit for opening; 30 seconds unless set.
   *
   * @throws IllegalArgumentException when it is negative
   */
  public PubSubServer withConnectTimeout(Duration connectTimeout) {
    if (connectTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "connect timeout out of range: " + connectTimeout + " (zero or more)");
    }
    return new PubSubServer(host, port, emulator, credentials, trustedCertificates, connectTimeout);
  }

  /** Returns {@code HOST:PORT}. */
  public String address() {
    return host + ":" + port;
  }

  boolean isEmulator() {
    return emulator;
  }

  String unbracketedHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    return port;
  }

  /** Returns the credentials to use; null for the application-default ones. */
  @Nullable Credentials credentials() {
    return credentials;
  }

  /** Returns the certificates to trust; null for the JVM's own. */
  @Nullable Path trustedCertificates() {
    return trustedCertificates;
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns a description without the credentials. */
  @Override
  public String toString() {
    return (emulator ? "the emulator at " : "the Pub/Sub server at ") + address();
  }
}
