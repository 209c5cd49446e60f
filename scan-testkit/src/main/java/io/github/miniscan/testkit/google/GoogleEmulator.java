package io.github.miniscan.testkit.google;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Google's own Pub/Sub emulator, found on this machine and run as a process of its own, so that
 * tests can compare with it. Each one starts empty on a free port and ends with {@link #close()},
 * or with this JVM at the latest.
 *
 * <p>It is the reference for behaviour and not for speed, and it goes on feeding a stream that was
 * cancelled: a test that kills a consumer needs a fresh one.
 */
public final class GoogleEmulator implements AutoCloseable {
  /** What to print where a test is skipped because {@link #isInstalled()} says no. */
  public static final String NOT_INSTALLED =
      "Google's Pub/Sub emulator was not found. Set PUBSUB_EMULATOR_JAR to its jar, or"
          + " CLOUDSDK_ROOT_DIR to a Cloud SDK that has it, or put that SDK's gcloud on the PATH.";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int ATTEMPTS = 3;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;
  private final Path log;
  private final Thread stopWithThisJvm;

  private GoogleEmulator(Path jar, List<String> jvmOptions) throws IOException {
    port = freePort();
    log = Files.createTempFile("google-pubsub-emulator", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", jar.toString(), "--host=127.0.0.1", "--port=" + port));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    stopWithThisJvm = new Thread(process::destroyForcibly, "stop-google-emulator");
    Runtime.getRuntime().addShutdownHook(stopWithThisJvm);
  }

  /** Tells whether {@link #start()} can find the emulator here. */
  public static boolean isInstalled() {
    return find().isPresent();
  }

  /**
   * Starts the emulator with 512 MiB of heap, and waits until it answers.
   *
   * @throws IOException as {@link #start(List)}
   */
  public static GoogleEmulator start() throws IOException {
    return start(List.of("-Xmx512m"));
  }

  /**
   * Starts the emulator and waits until it answers.
   *
   * @param jvmOptions such as the size of its heap: it keeps what was acked too, about a kilobyte
   *     of each message, and becomes very slow before it has none left
   * @throws IOException if it is not installed, or did not answer within a minute; the message has
   *     what it printed
   */
  public static GoogleEmulator start(List<String> jvmOptions) throws IOException {
    Path jar = find().orElseThrow(() -> new IOException(NOT_INSTALLED));
    for (int attempt = 1; ; attempt++) {
      GoogleEmulator emulator = new GoogleEmulator(jar, jvmOptions);
      try {
        emulator.awaitReady();
        return emulator;
      } catch (IOException e) {
        emulator.close();
        // Another process may have taken the free port in the meantime.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Where it listens, as {@code host:port}: gRPC without TLS, and REST. */
  public String endpoint() {
    return "127.0.0.1:" + port;
  }

  /** Its process, for who measures it. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** The port it listens on, on the loopback interface. */
  public int port() {
    return port;
  }

  /**
   * Creates the topic and then the subscription by the two REST calls that the kit makes.
   *
   * @throws IOException if either call fails; the message has the server's answer
   */
  public void createSubscription(String project, String topic, String subscription)
      throws IOException {
    String topicName = "projects/" + project + "/topics/" + topic;
    put(topicName, "");
    put(
        "projects/" + project + "/subscriptions/" + subscription,
        "{\"topic\":\"" + topicName + "\"}");
  }

  /** Ends the process and waits until it is gone. Everything that it held is lost. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stopWithThisJvm);
    } catch (IllegalStateException alreadyStopping) {
      // The hook is running, and has nothing left to do.
    }
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + log, e);
    }
  }

  private void awaitReady() throws IOException {
    long giveUp = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        if (send(HttpRequest.newBuilder(uri(""))).statusCode() == 200) {
          return;
        }
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException notYet) {
        // Nothing listens there yet.
      }
      if (!process.isAlive() || System.nanoTime() > giveUp) {
        throw new IOException(
            "Google's Pub/Sub emulator did not start on port "
                + port
                + "; it printed:\n"
                + Files.readString(log));
      }
      try {
        process.waitFor(50, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while Google's Pub/Sub emulator started");
      }
    }
  }

  private void put(String name, String body) throws IOException {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(uri("v1/" + name))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    if (response.statusCode() != 200) {
      throw new IOException(
          "cannot create " + name + ": " + response.statusCode() + " " + response.body());
    }
  }

  private URI uri(String path) {
    return URI.create("http://" + endpoint() + "/" + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while calling Google's Pub/Sub emulator");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Optional<Path> find() {
    String jar = System.getenv("PUBSUB_EMULATOR_JAR");
    if (jar != null && !jar.isEmpty()) {
      return Optional.of(Path.of(jar)).filter(Files::isRegularFile);
    }
    return sdkRoot().flatMap(GoogleEmulator::jarBelow);
  }

  private static Optional<Path> sdkRoot() {
    String root = System.getenv("CLOUDSDK_ROOT_DIR");
    if (root != null && !root.isEmpty()) {
      return Optional.of(Path.of(root));
    }
    String path = System.getenv("PATH");
    if (path == null) {
      return Optional.empty();
    }
    for (String directory : path.split(File.pathSeparator, -1)) {
      Path found = rootOfGcloudIn(directory);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** The SDK whose {@code bin/gcloud} is the one in this directory, or null. */
  private static @Nullable Path rootOfGcloudIn(String directory) {
    try {
      Path gcloud = Path.of(directory, "gcloud");
      if (!Files.isRegularFile(gcloud)) {
        return null;
      }
      Path bin = gcloud.toRealPath().getParent();
      return bin == null ? null : bin.getParent();
    } catch (IOException | InvalidPathException unreadable) {
      return null;
    }
  }

  private static Optional<Path> jarBelow(Path root) {
    Path lib = root.resolve("platform/pubsub-emulator/lib");
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(lib, "cloud-pubsub-emulator-*-all.jar")) {
      for (Path jar : jars) {
        return Optional.of(jar);
      }
      return Optional.empty();
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }
}
