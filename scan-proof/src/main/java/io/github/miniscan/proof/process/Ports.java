package io.github.miniscan.proof.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Ports for servers that must find theirs free again when they come back: below those that systems
 * give to connections and to whoever asks for any, and each handed out once.
 */
public final class Ports {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long POLL_NANOS = 5_000_000;
  private static final int LEAST = 10_000;
  private static final int COUNT = 20_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  /** A port on which nobody listens. */
  public static int free() throws IOException {
    for (int attempt = 0; attempt < COUNT; attempt++) {
      int port = LEAST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
      }
    }
    throw new IOException("no free port from " + LEAST + " to " + (LEAST + COUNT));
  }

  /** Something that listens on a port. */
  @FunctionalInterface
  interface Listener<T> {
    T on(int port) throws IOException;
  }

  /**
   * Listens on a port that is free or about to be. A program that another thread starts inherits
   * the sockets of this one, and holds them for a moment though they have been closed here.
   */
  static <T> T listen(int port, Listener<T> listener) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return listener.on(port);
      } catch (IOException taken) {
        if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
          throw taken;
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }
}
