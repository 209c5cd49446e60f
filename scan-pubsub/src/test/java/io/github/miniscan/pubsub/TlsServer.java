package io.github.miniscan.pubsub;

import com.google.auth.Credentials;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.github.miniscan.pubsub.emulator.TlsIdentity;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Our emulator as Google Cloud is: with TLS, and credentials that it checks. */
final class TlsServer implements AutoCloseable {

  private static final String PASSWORD = "only-for-this-test";
  private static final String TOKEN = "open-sesame";

  private final Path certificate;
  private final PubSubEmulator emulator;

  /** Starts it with the kit's topic and subscription, and an identity made in this directory. */
  TlsServer(Path directory) throws Exception {
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
    if (keytool.waitFor() != 0) {
      throw new IOException(Files.readString(directory.resolve("keytool.log")));
    }
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
                        ("Bearer " + TOKEN).equals(authorization)
                            ? Status.OK
                            : Status.UNAUTHENTICATED.withDescription("who are you?")));
    emulator.createKit();
  }

  PubSubEmulator emulator() {
    return emulator;
  }

  /** Returns how to reach it at this address, trusted and with credentials that it accepts. */
  PubSubServer at(String address) {
    return PubSubServer.at(address)
        .withTrustedCertificates(certificate)
        .withCredentials(new Token(TOKEN));
  }

  @Override
  public void close() {
    emulator.close();
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
  static final class Token extends Credentials {
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
