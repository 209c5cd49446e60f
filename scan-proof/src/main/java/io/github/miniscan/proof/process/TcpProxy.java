package io.github.miniscan.proof.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The network between a consumer and a server on this machine: it can refuse connections, cut them
 * in the middle of a message, or carry nothing any more while all of them stay open. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

  private static final int BUFFER = 8_192;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong allowance = new AtomicLong(Long.MAX_VALUE);
  private final Object ice = new Object();
  private final int port;
  private volatile int target;
  private volatile ServerSocket listener;
  private volatile boolean frozen;

  /** Carries from a free port of its own to this port. */
  public TcpProxy(int target) throws IOException {
    this.target = target;
    port = Ports.free();
    listener = listen(port);
  }

  private ServerSocket listen(int wanted) throws IOException {
    ServerSocket socket = Ports.listen(wanted, TcpProxy::bound);
    threads.execute(() -> acceptAll(socket));
    return socket;
  }

  private static ServerSocket bound(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** What {@code --emulator} takes to go through it. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** From now on connections lead to another port. */
  public void retarget(int newTarget) {
    target = newTarget;
  }

  /** Cuts what there is, and refuses new connections. */
  public void refuse() throws IOException {
    listener.close();
    cut();
  }

  /** Accepts connections again. */
  public void accept() throws IOException {
    listener = listen(port);
  }

  /** Cuts every connection. */
  public void cut() {
    links.forEach(Link::close);
  }

  /** Cuts every connection once so many more bytes were carried. */
  public void cutAfter(long bytes) {
    allowance.set(bytes);
  }

  /** Whether {@link #cutAfter} has not cut yet. */
  public boolean isAboutToCut() {
    return allowance.get() != Long.MAX_VALUE;
  }

  /** Carries nothing any more, while connections stay open, and new ones are taken. */
  public void freeze() {
    frozen = true;
  }

  /** Carries what waited, and goes on. */
  public void thaw() {
    synchronized (ice) {
      frozen = false;
      ice.notifyAll();
    }
  }

  @Override
  public void close() {
    try {
      refuse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      thaw();
      threads.shutdownNow();
    }
  }

  private void acceptAll(ServerSocket from) {
    try {
      while (true) {
        Socket client = from.accept();
        try {
          Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), target));
          links.add(link);
          link.start();
        } catch (IOException nobodyThere) {
          client.close();
        }
      }
    } catch (IOException closed) {
      // Nobody is let in any more.
    }
  }

  private void awaitThaw() throws InterruptedException {
    synchronized (ice) {
      while (frozen) {
        ice.wait();
      }
    }
  }

  private boolean mayCarry(int bytes) {
    if (allowance.get() == Long.MAX_VALUE) {
      return true;
    }
    if (allowance.addAndGet(-bytes) >= 0) {
      return true;
    }
    allowance.set(Long.MAX_VALUE);
    return false;
  }

  /** A connection of a client, and the one made for it. */
  private final class Link {
    private final Socket client;
    private final Socket server;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void start() {
      threads.execute(() -> carry(client, server));
      threads.execute(() -> carry(server, client));
    }

    private void carry(Socket from, Socket to) {
      byte[] buffer = new byte[BUFFER];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          awaitThaw();
          if (!mayCarry(count)) {
            out.write(buffer, 0, count / 2);
            cut();
            return;
          }
          out.write(buffer, 0, count);
        }
      } catch (IOException over) {
        // One end is gone, and so is the other now.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        close();
      }
    }

    void close() {
      links.remove(this);
      closeQuietly(client);
      closeQuietly(server);
    }

    private static void closeQuietly(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no use any more either way.
      }
    }
  }
}
