package io.github.miniscan.pubsub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A TCP proxy on a free port with the rate and the delay of a slow or distant network. */
final class SlowLink implements AutoCloseable {

  private static final int CHUNK = 4_096;
  private static final int SOCKET_BUFFER = 32 << 10;
  private static final Chunk END = new Chunk(new byte[0], 0, 0);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "slow-link");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ServerSocket listener = new ServerSocket();
  private final int serverPort;
  private final long bytesPerSecond;
  private final Duration delay;
  private final AtomicLong carried = new AtomicLong();
  private final Pace up = new Pace();
  private final Pace down = new Pace();

  /**
   * Starts to listen.
   *
   * @param serverPort of a server on this machine
   * @param bytesPerSecond the rate in each direction, shared by all connections
   * @param delay the time that a byte takes in each direction
   */
  SlowLink(int serverPort, long bytesPerSecond, Duration delay) throws IOException {
    this.serverPort = serverPort;
    this.bytesPerSecond = bytesPerSecond;
    this.delay = delay;
    listener.setReceiveBufferSize(SOCKET_BUFFER);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    threads.execute(this::acceptAll);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Returns the number of bytes that were carried in both directions. */
  long carried() {
    return carried.get();
  }

  /** Cuts all connections for good. */
  void cut() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(SlowLink::closeQuietly);
  }

  @Override
  public void close() {
    cut();
    threads.shutdownNow();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = prepared(listener.accept());
        Socket server = prepared(new Socket());
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
        carry(client, server, up);
        carry(server, client, down);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private Socket prepared(Socket socket) throws SocketException {
    sockets.add(socket);
    socket.setTcpNoDelay(true);
    socket.setSendBufferSize(SOCKET_BUFFER);
    socket.setReceiveBufferSize(SOCKET_BUFFER);
    return socket;
  }

  private void carry(Socket from, Socket to, Pace pace) {
    // Enough for all that is on its way at once; without a delay next to nothing is.
    BlockingQueue<Chunk> onItsWay = new ArrayBlockingQueue<>(delay.isZero() ? 4 : 4_096);
    threads.execute(() -> read(from, onItsWay));
    threads.execute(() -> write(onItsWay, to, pace));
  }

  private void read(Socket from, BlockingQueue<Chunk> onItsWay) {
    try (InputStream in = from.getInputStream()) {
      while (true) {
        byte[] bytes = new byte[CHUNK];
        int length = in.read(bytes);
        if (length < 0) {
          break;
        }
        onItsWay.put(new Chunk(bytes, length, System.nanoTime() + delay.toNanos()));
      }
      onItsWay.put(END);
    } catch (IOException | InterruptedException over) {
      onItsWay.clear();
      onItsWay.add(END);
    }
  }

  private void write(BlockingQueue<Chunk> onItsWay, Socket to, Pace pace) {
    try (OutputStream out = to.getOutputStream()) {
      for (Chunk chunk = onItsWay.take(); !chunk.isEnd(); chunk = onItsWay.take()) {
        TimeUnit.NANOSECONDS.sleep(chunk.due - System.nanoTime());
        pace.await(chunk.length);
        out.write(chunk.bytes, 0, chunk.length);
        carried.addAndGet(chunk.length);
      }
    } catch (IOException | InterruptedException over) {
      // One end is gone.
    } finally {
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that are on their way until they are due. */
  private static final class Chunk {
    private final byte[] bytes;
    private final int length;
    private final long due;

    Chunk(byte[] bytes, int length, long due) {
      this.bytes = bytes;
      this.length = length;
      this.due = due;
    }

    boolean isEnd() {
      return length == 0;
    }
  }

  /** The rate of one direction. */
  private final class Pace {
    private long free = System.nanoTime();

    void await(int bytes) throws InterruptedException {
      long from;
      synchronized (this) {
        from = Math.max(free, System.nanoTime());
        free = from + (long) (bytes * 1e9 / bytesPerSecond);
      }
      TimeUnit.NANOSECONDS.sleep(from - System.nanoTime());
    }
  }
}
