package io.github.miniscan.proof.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void listensOnceAPortIsFreeAgain() throws Exception {
    int port = Ports.free();
    ServerSocket holder = listener(port);
    Thread release =
        new Thread(
            () -> {
              try {
                Thread.sleep(50);
                holder.close();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    release.start();

    try (ServerSocket socket = Ports.listen(port, PortsTest::listener)) {
      assertThat(socket.getLocalPort()).isEqualTo(port);
      assertThat(holder.isClosed()).isTrue();
    }
    release.join();
  }

  private static ServerSocket listener(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
