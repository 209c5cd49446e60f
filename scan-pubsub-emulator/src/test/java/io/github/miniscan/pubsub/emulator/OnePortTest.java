package io.github.miniscan.pubsub.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.Executor;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** gRPC and REST side by side, in plaintext and in TLS. */
class OnePortTest {
  private static final String TOPIC = "projects/test-project/topics/scan-topic";
  private static final String SUBSCRIPTION = "projects/test-project/subscriptions/scan-sub";

  @Test
  void whatIsPublishedByRestIsPulledByGrpc() throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start();
        PubSubClient client = new PubSubClient(emulator.endpoint())) {
      emulator.createKit();
      String answer =
          exchange(
              emulator,
              request("POST", "/v1/" + TOPIC + ":publish", "{\"messages\":[{\"data\":\"aGk=\"}]}"));

      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
      assertThat(PubSubClient.texts(client.pull(SUBSCRIPTION, 1))).containsExactly("hi");
    }
  }

  @Test
  void answersRequestsThatComeTogetherInTheirOrder() throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      emulator.createKit();
      String together =
          "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
              + "GET /v1/"
              + TOPIC
              + " HTTP/1.1\r\nHost: a\r\n\r\n"
              + "GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

      String answers = exchange(emulator, together);

      assertThat(answers).containsSubsequence("200 OK", "Ok\n", "200 OK", TOPIC, "404 Not Found");
    }
  }

  @Test
  void takesABodyInChunks() throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start();
        PubSubClient client = new PubSubClient(emulator.endpoint())) {
      emulator.createKit();
      String chunked =
          "POST /v1/"
              + TOPIC
              + ":publish HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
              + "Connection: close\r\n\r\n"
              + "d\r\n{\"messages\":[\r\n"
              + "12\r\n{\"data\":\"aGk=\"}]} \r\n0\r\n\r\n";

      assertThat(exchange(emulator, chunked)).startsWith("HTTP/1.1 200 OK\r\n");
      assertThat(PubSubClient.texts(client.pull(SUBSCRIPTION, 1))).containsExactly("hi");
    }
  }

  @Test
  void takesABodyCompressedByGzip() throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start();
        PubSubClient client = new PubSubClient(emulator.endpoint())) {
      emulator.createKit();
      HttpRequest publish =
          HttpRequest.newBuilder(
                  URI.create("http://" + emulator.endpoint() + "/v1/" + TOPIC + ":publish"))
              .header("Content-Encoding", "gzip")
              .POST(BodyPublishers.ofByteArray(gzip("{\"messages\":[{\"data\":\"aGk=\"}]}")))
              .build();

      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .build()
              .send(publish, BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(PubSubClient.texts(client.pull(SUBSCRIPTION, 1))).containsExactly("hi");
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void refusesWhatIsTooLargeOrNoHttp() throws Exception {
    try (PubSubEmulator emulator = PubSubEmulator.start()) {
      assertThat(
              exchange(
                  emulator,
                  "POST /v1/"
                      + TOPIC
                      + ":publish HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n"
                      + "Expect: 100-continue\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 413 ");
      assertThat(exchange(emulator, request("GET", "/v1/%zz", "")))
          .startsWith("HTTP/1.1 400 ")
          .contains("Malformed URL: /v1/%zz");
      assertThat(exchange(emulator, "what is this?\r\nConnection: close\r\n\r\n"))
          .startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void closesIdleRestConnectionsWhenItCloses() throws Exception {
    PubSubEmulator emulator = PubSubEmulator.start();
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), emulator.port());
        Socket rest = new Socket(InetAddress.getLoopbackAddress(), emulator.port())) {
      rest.setSoTimeout(10_000);
      silent.setSoTimeout(10_000);
      rest.getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(rest.getInputStream().read()).isEqualTo('H');

      emulator.close();

      rest.getInputStream().readAllBytes();
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void speaksTlsAndAsksForCredentialsByGrpcAndByRest() throws Exception {
    TlsIdentity identity = TlsIdentity.selfSigned();
    AccessCheck tokenNeeded =
        authorization ->
            authorization == null
                ? Status.UNAUTHENTICATED.withDescription("a token is needed")
                : authorization.equals("Bearer good")
                    ? Status.OK
                    : Status.PERMISSION_DENIED.withDescription("not this token");
    try (PubSubEmulator emulator =
        PubSubEmulator.start(
            EmulatorOptions.defaults().withTls(identity).withAccess(tokenNeeded))) {
      emulator.createKit();

      assertThat(publishByGrpc(emulator, identity, "Bearer good")).isEqualTo(Status.Code.OK);
      assertThat(publishByGrpc(emulator, identity, "Bearer bad"))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(publishByGrpc(emulator, identity, "")).isEqualTo(Status.Code.UNAUTHENTICATED);

      assertThat(getByRest(emulator, identity, "Bearer good").statusCode()).isEqualTo(200);
      assertThat(getByRest(emulator, identity, "Bearer bad").statusCode()).isEqualTo(403);
      HttpResponse<String> refused = getByRest(emulator, identity, "");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body())
          .isEqualTo(
              "{\"error\":{\"code\":401,\"message\":\"a token is needed\","
                  + "\"status\":\"UNAUTHENTICATED\"}}");
    }
  }

  @Test
  void refusesAKeyThatIsNone() {
    assertThatThrownBy(
            () ->
                PubSubEmulator.start(
                    EmulatorOptions.defaults().withTls(new TlsIdentity("no", "key"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot use the certificate or its key");
  }

  private static Status.Code publishByGrpc(
      PubSubEmulator emulator, TlsIdentity identity, String authorization) throws IOException {
    ChannelCredentials tls =
        TlsChannelCredentials.newBuilder()
            .trustManager(stream(identity.certificateChainPem()))
            .build();
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                emulator.endpoint(),
                authorization.isEmpty()
                    ? tls
                    : CompositeChannelCredentials.create(tls, new Authorization(authorization)))
            .build();
    try (PubSubClient client = new PubSubClient(channel)) {
      client.publish(TOPIC, "a");
      return Status.Code.OK;
    } catch (StatusRuntimeException refusal) {
      return refusal.getStatus().getCode();
    }
  }

  private static HttpResponse<String> getByRest(
      PubSubEmulator emulator, TlsIdentity identity, String authorization) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "emulator",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(stream(identity.certificateChainPem())));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://" + emulator.endpoint() + "/v1/" + TOPIC));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(context)
        .build()
        .send(request.build(), BodyHandlers.ofString());
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String request(String method, String path, String body) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** Sends the bytes as they are and gives everything that comes until the server closes. */
  private static String exchange(PubSubEmulator emulator, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), emulator.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final class Authorization extends CallCredentials {
    private final String value;

    Authorization(String value) {
      this.value = value;
    }

    @Override
    public void applyRequestMetadata(
        RequestInfo request, Executor executor, MetadataApplier applier) {
      Metadata headers = new Metadata();
      headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), value);
      applier.apply(headers);
    }
  }
}
