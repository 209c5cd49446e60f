package io.github.miniscan.pubsub;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.SourceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to Google Cloud, as far as it can be walked without it: TLS and credentials. */
class TlsTest {

  @TempDir static Path directory;
  private static TlsServer tls;

  @BeforeAll
  static void start() throws Exception {
    tls = new TlsServer(directory);
  }

  @AfterAll
  static void stop() {
    tls.close();
  }

  @Test
  void publishesAndReceivesOverTlsWithCredentials() throws Exception {
    PubSubServer server = server();
    try (PubSubPublisher publisher = PubSubPublisher.open(server, KIT_PROJECT, KIT_TOPIC);
        PubSubSource source = PubSubSource.open(server, options(), ByteBudget.ofHeap())) {
      publisher.publish("hello".getBytes(UTF_8), Map.of()).join();
      List<Delivery> received = source.receive(1, Duration.ofSeconds(20));
      assertThat(received).hasSize(1);
      received.get(0).ack();
    }
    assertThat(tls.emulator().counts(KIT_PROJECT, KIT_SUBSCRIPTION).acked()).isEqualTo(1);
  }

  @Test
  void saysThatTheCredentialsAreNotAccepted() {
    PubSubServer server = server().withCredentials(new TlsServer.Token("wrong"));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> PubSubSource.open(server, options(), ByteBudget.ofHeap()))
        .withMessageContaining("does not accept the credentials")
        .withMessageContaining("who are you?")
        .withCauseInstanceOf(CredentialsException.class);
  }

  @Test
  void trustsNoServerThatItWasNotToldToTrust() {
    PubSubServer server =
        PubSubServer.at(endpoint())
            .withCredentials(server().credentials())
            .withConnectTimeout(Duration.ofSeconds(2));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> PubSubSource.open(server, options(), ByteBudget.ofHeap()))
        .withMessageContaining("no Pub/Sub server answers at " + endpoint());
  }

  @Test
  void saysThatTheTrustedCertificatesCannotBeRead() {
    Path missing = directory.resolve("missing.pem");
    PubSubServer server = server().withTrustedCertificates(missing);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> PubSubSource.open(server, options(), ByteBudget.ofHeap()))
        .withMessageContaining("trusted certificates cannot be read: " + missing);
  }

  private static PubSubServer server() {
    return tls.at(endpoint());
  }

  private static String endpoint() {
    return tls.emulator().endpoint();
  }

  private static PubSubOptions options() {
    return PubSubOptions.of(KIT_PROJECT, KIT_SUBSCRIPTION);
  }
}
