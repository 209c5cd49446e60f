package io.github.miniscan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

  private static final Instant PUBLISHED = Instant.ofEpochSecond(1_700_000_000);

  /** Computed with Python's hashlib and struct. */
  @Test
  void isIdentifiedByMessageIdPublishTimeAndPayload() {
    assertThat(DeadLetter.idOf(message("1", "not json".getBytes(UTF_8), PUBLISHED)))
        .isEqualTo("3917187ce6b13221b53ac1f1e907dbe0");
    assertThat(DeadLetter.idOf(message("", new byte[0], null)))
        .isEqualTo("15ec7bf0b50732b49f8228e07d243653");
    byte[] everyByte = new byte[256];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    assertThat(
            DeadLetter.idOf(message("\u00e9-7", everyByte, Instant.ofEpochSecond(-1, 999_999_999))))
        .isEqualTo("32eecfb4e8404f5674a6326b4618f21c");
  }

  @Test
  void hasOneIdForEveryRedeliveryAndAnotherForEveryOtherMessage() {
    byte[] payload = {1, 2};
    List<Message> different =
        List.of(
            message("1", payload, PUBLISHED),
            message("2", payload, PUBLISHED),
            message("1", payload, PUBLISHED.plusNanos(1)),
            message("1", payload, null),
            message("1", new byte[] {1}, PUBLISHED),
            message("12", new byte[] {2}, PUBLISHED),
            message("", payload, PUBLISHED));
    Set<String> ids = new HashSet<>();
    different.forEach(message -> ids.add(DeadLetter.idOf(message)));
    assertThat(ids).hasSameSizeAs(different).allMatch(id -> id.matches("[0-9a-f]{32}"));

    Message redelivered = new Message("1", payload.clone(), Map.of("a", "b"), PUBLISHED);
    assertThat(DeadLetter.of(redelivered, Reason.INVALID_IP, "why", Instant.EPOCH).id())
        .isEqualTo(DeadLetter.idOf(different.get(0)));
  }

  private static Message message(String id, byte[] payload, @Nullable Instant publishedAt) {
    return new Message(id, payload, Map.of(), publishedAt);
  }
}
