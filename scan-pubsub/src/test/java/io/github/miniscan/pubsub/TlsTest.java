package io.github.miniscan.pubsub;

import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_PROJECT;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_SUBSCRIPTION;
import static io.github.miniscan.pubsub.emulator.PubSubEmulator.KIT_TOPIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.auth.Credentials;
import io.github.miniscan.ingest.ByteBudget;
import io.github.miniscan.ingest.Delivery;
import io.github.miniscan.ingest.SourceException;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.TlsIdentity;
import io.grpc.Status;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to Google Cloud, as far as it can be walked without it: TLS and credentials. */
class TlsTest {

  private static final String PASSWORD = "only-for-this-test";

  @TempDir static Path directory;
  private static Path certificate;
  private static PubSubEmulator emulator;

  @BeforeAll
  static void start() throws Exception {
    Path store = directory.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    String certificatePem = pem("CERTIFICATE", keys.getCertificate("server").getEncoded());
    String keyPem = pem("PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
    certificate = Files.writeString(directory.resolve("server.pem"), certificatePem);
    emulator =
        PubSubEmulator.start(
            EmulatorOptions.defaults()
                .withTls(new TlsIdentity(certificatePem, keyPem))
                .withAccess(
                    authorization ->
                        "Bearer open-sesame".equals(authorization)
                            ? Status.OK
                            : Status.UNAUTHENTICATED.withDescription("who are you?")));
    emulator.createKit();
  }

  @AfterAll
  static void stop() {
    emulator.close();
  }

  @Test
  void publishesAndReceivesOverTlsWithCredentials() throws Exception {
    PubSubServer server = server().withCredentials(token("open-sesame"));
    try (PubSubPublisher publisher = PubSubPublisher.open(server, KIT_PROJECT, KIT_TOPIC);
        PubSubSource source = PubSubSource.open(server, options(), ByteBudget.ofHeap())) {
      publisher.publish("hello".getBytes(UTF_8), Map.of()).join();
      List<Delivery> received = source.receive(1, Duration.ofSeconds(20));
      assertThat(received).hasSize(1);
      received.get(0).ack();
    }
    assertThat(emulator.counts(KIT_PROJECT, KIT_SUBSCRIPTION).acked()).isEqualTo(1);
  }

  @Test
  void saysThatTheCredentialsAreNotAccepted() {
    PubSubServer server = server().withCredentials(token("wrong"));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> PubSubSource.open(server, options(), ByteBudget.ofHeap()))
        .withMessageContaining("does not accept the credentials")
        .withMessageContaining("--emulator localhost:8085")
        .withMessageContaining("who are you?");
  }

  @Test
  void trustsNoServerThatItWasNotToldToTrust() {
    PubSubServer server =
        PubSubServer.at(emulator.endpoint())
            .withCredentials(token("open-sesame"))
            .withConnectTimeout(Duration.ofSeconds(2));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> PubSubSource.open(server, options(), ByteBudget.ofHeap()))
        .withMessageContaining("no Pub/Sub server answers at " + emulator.endpoint());
  }

  @Test
  void saysThatTheTrustedCertificatesCanNotBeRead() {
    Path missing = directory.resolve("missing.pem");
    PubSubServer server =
        server().withCredentials(token("open-sesame")).withTrustedCertificates(missing);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> PubSubSource.open(server, options(), ByteBudget.ofHeap()))
        .withMessageContaining("trusted certificates can not be read: " + missing);
  }

  private static PubSubServer server() {
    return PubSubServer.at(emulator.endpoint()).withTrustedCertificates(certificate);
  }

  private static PubSubOptions options() {
    return PubSubOptions.of(KIT_PROJECT, KIT_SUBSCRIPTION);
  }

  private static Credentials token(String value) {
    return new Token(value);
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  /** Credentials as the service wants them: a bearer token with each call. */
  private static final class Token extends Credentials {
    private static final long serialVersionUID = 1L;

    private final String value;

    Token(String value) {
      this.value = value;
    }

    @Override
    public String getAuthenticationType() {
      return "OAuth2";
    }

    @Override
    public Map<String, List<String>> getRequestMetadata(URI uri) {
      return Map.of("authorization", List.of("Bearer " + value));
    }

    @Override
    public boolean hasRequestMetadata() {
      return true;
    }

    @Override
    public boolean hasRequestMetadataOnly() {
      return true;
    }

    @Override
    public void refresh() {}
  }
}
