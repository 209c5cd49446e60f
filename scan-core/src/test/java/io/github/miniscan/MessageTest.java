package io.github.miniscan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageTest {

  @Test
  void showsItselfToPeopleWithoutItsPayload() {
    assertThat(new Message("7\u001b", new byte[300], Map.of(), null))
        .hasToString("message 7\\u001b (300 bytes)");
  }
}
