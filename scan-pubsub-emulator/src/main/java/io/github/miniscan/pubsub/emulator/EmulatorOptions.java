package io.github.miniscan.pubsub.emulator;

import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * How an emulator is to run.
 *
 * @param host the address to listen on, a name or a literal; everybody who can reach it gets in
 * @param port the port to listen on, or 0 for a free one
 * @param clock where publish times, deadlines and every wait come from
 * @param tls what to prove the server's identity by, or null for plaintext
 * @param access who gets in
 * @param journalLimit how many messages the {@link Journal} remembers, or 0 for none
 * @param maxBacklogBytes about how much of the heap messages may take before publishing is refused
 *     with RESOURCE_EXHAUSTED, which publishers retry; a message counts in each subscription
 */
public record EmulatorOptions(
    String host,
    int port,
    Clock clock,
    @Nullable TlsIdentity tls,
    AccessCheck access,
    int journalLimit,
    long maxBacklogBytes) {
  private static final int MAX_PORT = 65_535;

  /** Checks the ranges. */
  public EmulatorOptions {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port out of range: " + port + " (0 to 65535)");
    }
    if (journalLimit < 0) {
      throw new IllegalArgumentException("negative journal limit: " + journalLimit);
    }
    if (maxBacklogBytes < 0) {
      throw new IllegalArgumentException("negative backlog limit: " + maxBacklogBytes + " bytes");
    }
  }

  /**
   * A free port of 127.0.0.1, in plaintext, open to all, by the system's clock, without a journal,
   * and with a backlog of up to half the heap.
   */
  public static EmulatorOptions defaults() {
    return new EmulatorOptions(
        "127.0.0.1",
        0,
        Clock.systemUTC(),
        null,
        AccessCheck.OPEN,
        0,
        Runtime.getRuntime().maxMemory() / 2);
  }

  /** These options with another address to listen on. */
  public EmulatorOptions withHost(String newHost) {
    return new EmulatorOptions(newHost, port, clock, tls, access, journalLimit, maxBacklogBytes);
  }

  /** These options with another port, or 0 for a free one. */
  public EmulatorOptions withPort(int newPort) {
    return new EmulatorOptions(host, newPort, clock, tls, access, journalLimit, maxBacklogBytes);
  }

  /** These options with another clock; see {@link PubSubEmulator#tick()}. */
  public EmulatorOptions withClock(Clock newClock) {
    return new EmulatorOptions(host, port, newClock, tls, access, journalLimit, maxBacklogBytes);
  }

  /** These options with TLS, for gRPC and REST alike. */
  public EmulatorOptions withTls(TlsIdentity newTls) {
    return new EmulatorOptions(host, port, clock, newTls, access, journalLimit, maxBacklogBytes);
  }

  /** These options with a check of credentials. */
  public EmulatorOptions withAccess(AccessCheck newAccess) {
    return new EmulatorOptions(host, port, clock, tls, newAccess, journalLimit, maxBacklogBytes);
  }

  /** These options with a {@link Journal} of the latest so many messages. */
  public EmulatorOptions withJournal(int newJournalLimit) {
    return new EmulatorOptions(host, port, clock, tls, access, newJournalLimit, maxBacklogBytes);
  }

  /** These options with another limit of memory for messages. */
  public EmulatorOptions withMaxBacklogBytes(long newMaxBacklogBytes) {
    return new EmulatorOptions(host, port, clock, tls, access, journalLimit, newMaxBacklogBytes);
  }
}
