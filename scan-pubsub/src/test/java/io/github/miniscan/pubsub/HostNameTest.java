package io.github.miniscan.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.SourceException;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that a network has and a URI cannot have, in a JVM of their own that knows them. */
class HostNameTest {

  @TempDir private Path directory;

  private static final List<String> NAMES =
      List.of("plain", "pubsub_emulator", "a.b_c", "a-", "1.2.3.4.5");

  @Test
  void reachesAServerByItsName() throws Exception {
    Path hosts = directory.resolve("hosts");
    Files.writeString(hosts, "127.0.0.1 " + String.join(" ", NAMES) + "\n");
    Path output = directory.resolve("output");
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      emulator.createKit();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djdk.net.hosts.file=" + hosts,
                  "-cp",
                  System.getProperty("surefire.test.class.path", classPath()),
                  Echo.class.getName(),
                  Integer.toString(emulator.port()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    }
    assertThat(Files.readString(output)).contains(NAMES);
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  @Test
  void saysThatAHostIsUnknown() {
    PubSubServer server =
        PubSubServer.emulator("no_such_host.invalid:8085")
            .withConnectTimeout(Duration.ofSeconds(1));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(
            () -> PubSubSource.open(server, PubSubOptions.of("p", "sub"), ByteBudget.ofHeap()))
        .withMessageStartingWith("no emulator answers at no_such_host.invalid:8085")
        .withMessageContaining("unknown host");
  }

  /** Publishes a message to each name, receives it, and prints it. */
  static final class Echo {

    private Echo() {}

    /** Takes the port of the server. */
    public static void main(String[] args) throws Exception {
      for (String name : NAMES) {
        echo(name, PubSubServer.emulator(name + ":" + args[0]));
      }
    }

    private static void echo(String name, PubSubServer server) throws Exception {
      try (PubSubPublisher publisher = PubSubPublisher.open(server, "test-project", "scan-topic");
          PubSubSource source =
              PubSubSource.open(
                  server, PubSubOptions.of("test-project", "scan-sub"), ByteBudget.ofHeap())) {
        publisher.publish(name.getBytes(UTF_8), Map.of()).join();
        List<Delivery> received = source.receive(1, Duration.ofSeconds(30));
        received.forEach(Delivery::ack);
        System.out.println(new String(received.get(0).message().payload(), UTF_8));
      }
    }
  }
}
