package io.github.miniscan.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PubSubServerTest {

  @ParameterizedTest
  @CsvSource({
    "localhost:8085, localhost, 8085",
    "pubsub:8085, pubsub, 8085",
    "10.0.0.7:1, 10.0.0.7, 1",
    "[::1]:65535, ::1, 65535",
    "[fe80::1%eth0]:65535, fe80::1%eth0, 65535",
    "pubsub_emulator:8085, pubsub_emulator, 8085",
    "my_host.internal-1:80, my_host.internal-1, 80",
    "a.b_c.:80, a.b_c., 80",
    "a-:8085, a-, 8085",
    "1.2.3.4.5:8085, 1.2.3.4.5, 8085"
  })
  void readsAnAddress(String address, String host, int port) {
    PubSubServer server = PubSubServer.emulator(address);
    assertThat(server.unbracketedHost()).isEqualTo(host);
    assertThat(server.port()).isEqualTo(port);
    assertThat(server.address()).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        ":8085",
        "localhost:",
        "localhost:http",
        "localhost:-1",
        "localhost:+80",
        "localhost:80x",
        "http://localhost:8085",
        "::1:8085",
        "local host:8085",
        "localhost:99999999999",
        ".:8085",
        "a..b:8085",
        ".a:8085",
        "a..:8085",
        "[]:8085",
        "[::::]:8085",
        "[1.2.3.4]:8085",
        "[localhost]:8085",
        "a%b:8085",
        "user@host:8085"
      })
  void refusesAMalformedAddress(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PubSubServer.emulator(address))
        .withMessage(
            "malformed server address: " + address + " (expected HOST:PORT, like localhost:8085)");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65_536})
  void refusesAPortOutOfRange(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PubSubServer.emulator("localhost:" + port))
        .withMessage("port out of range: " + port + " (1 to 65535)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pubsub_emulator:443", "a-:443", "1.2.3.4.5:443"})
  void refusesAHostThatNoCertificateCanName(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PubSubServer.at(address))
        .withMessageStartingWith("host name not usable with TLS: " + address.split(":")[0]);
  }

  @Test
  void refusesANegativeConnectTimeout() {
    PubSubServer server = PubSubServer.emulator("localhost:8085");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.withConnectTimeout(Duration.ofSeconds(-1)))
        .withMessageContaining("connect timeout out of range");
  }

  @Test
  void takesANameWithOrWithoutItsProject() {
    assertThat(PubSubOptions.of("p", "sub").subscription())
        .isEqualTo("projects/p/subscriptions/sub");
    assertThat(PubSubOptions.of("p", "projects/q/subscriptions/sub").subscription())
        .isEqualTo("projects/q/subscriptions/sub");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PubSubOptions.of("p", "a/b"))
        .withMessageContaining("malformed name: projects/p/subscriptions/a/b");
  }
}
