package io.github.miniscan.pubsub.emulator;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * What a server proves its identity by in TLS.
 *
 * @param certificateChainPem the server's certificate and those that vouch for it, in PEM
 * @param privateKeyPem its private key, PKCS #8 in PEM, not encrypted
 */
public record TlsIdentity(String certificateChainPem, String privateKeyPem) {
  private static final String ALIAS = "identity";

  /** Guards nothing: the store that keytool writes is read at once and deleted. */
  private static final String PASSWORD = "changeit";

  /**
   * Reads both from files.
   *
   * @throws IOException if either cannot be read
   */
  public static TlsIdentity ofFiles(Path certificateChain, Path privateKey) throws IOException {
    return new TlsIdentity(Files.readString(certificateChain), Files.readString(privateKey));
  }

  /**
   * Makes a certificate for {@code localhost} and 127.0.0.1, signed by itself, for a test: its
   * client has to be told to trust {@link #certificateChainPem}. Runs the JDK's keytool, which
   * takes about a second.
   *
   * @throws IOException if keytool fails
   */
  public static TlsIdentity selfSigned() throws IOException {
    Path directory = Files.createTempDirectory("tls-identity");
    Path store = directory.resolve("identity.p12");
    try {
      runKeytool(store);
      return read(store);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read what keytool made", e);
    } finally {
      Files.deleteIfExists(store);
      Files.delete(directory);
    }
  }

  private static void runKeytool(Path store) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                ALIAS,
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool failed: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while keytool ran");
    }
  }

  private static TlsIdentity read(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    return new TlsIdentity(
        pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
        pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
  }

  private static String pem(String type, byte[] encoded) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
        + "\n-----END "
        + type
        + "-----\n";
  }

  /** Does not show the key. */
  @Override
  public String toString() {
    return "TlsIdentity[" + certificateChainPem.length() + " characters of certificates]";
  }
}
