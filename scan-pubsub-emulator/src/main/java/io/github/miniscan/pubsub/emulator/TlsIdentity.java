package io.github.miniscan.pubsub.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a server proves its identity by in TLS.
 *
 * @param certificateChainPem the server's certificate and those that vouch for it, in PEM
 * @param privateKeyPem its private key, PKCS #8 in PEM, not encrypted
 */
public record TlsIdentity(String certificateChainPem, String privateKeyPem) {
  /**
   * Reads both from files.
   *
   * @throws IOException if either cannot be read
   */
  public static TlsIdentity ofFiles(Path certificateChain, Path privateKey) throws IOException {
    return new TlsIdentity(Files.readString(certificateChain), Files.readString(privateKey));
  }

  /** Does not show the key. */
  @Override
  public String toString() {
    return "TlsIdentity[" + certificateChainPem.length() + " characters of certificates]";
  }
}
