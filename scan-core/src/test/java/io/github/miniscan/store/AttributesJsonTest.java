package io.github.miniscan.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesJsonTest {

  @Test
  void areAnObjectInTheOrderOfTheirNames() throws IOException {
    Map<String, String> attributes = Map.of("b", "2", "a", "\"\u001b", "", "");
    String json = AttributesJson.write(attributes);

    assertThat(json).isEqualTo("{\"\":\"\",\"a\":\"\\\"\\u001B\",\"b\":\"2\"}");
    assertThat(AttributesJson.read(json)).isEqualTo(attributes);
  }

  @Test
  void areAnEmptyObjectWhereThereAreNone() throws IOException {
    assertThat(AttributesJson.write(Map.of())).isEqualTo("{}");
    assertThat(AttributesJson.read("{}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00b", "\u0000", "\u202e\u2028", "\ud83d\ude00"})
  void keepAnyValueThroughUtf8(String value) throws IOException {
    assertThat(readThroughUtf8(Map.of("name", value))).isEqualTo(Map.of("name", value));
  }

  @Test
  void keepNamesThroughUtf8ButForLoneSurrogates() throws IOException {
    assertThat(readThroughUtf8(Map.of("\u0000\u202e\ud83d\ude00", "1", "\ud800", "2")))
        .isEqualTo(Map.of("\u0000\u202e\ud83d\ude00", "1", "\ufffd", "2"));
  }

  private static Map<String, String> readThroughUtf8(Map<String, String> attributes)
      throws IOException {
    byte[] stored = AttributesJson.write(attributes).getBytes(UTF_8);
    return AttributesJson.read(new String(stored, UTF_8));
  }

  @Test
  void haveNoLimitOfTheirOwn() throws IOException {
    Map<String, String> attributes = Map.of("n".repeat(60_000), "v".repeat(21_000_000));
    assertThat(AttributesJson.read(AttributesJson.write(attributes)).equals(attributes)).isTrue();
  }

  @Test
  void mayHaveNamesThatWereChosenToCollide() throws IOException {
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < 2_048; i++) {
      String bits = Integer.toBinaryString(i | 1 << 11);
      attributes.put(bits.replace("0", "ab").replace("1", "bA"), "");
    }
    assertThat(attributes).hasSize(2_048);
    assertThat(AttributesJson.read(AttributesJson.write(attributes)).equals(attributes)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "17",
        "null",
        "\"text\"",
        "{\"a\":1}",
        "{\"a\":null}",
        "{\"a\":{\"b\":\"c\"}}",
        "{\"a\":\"b\"",
        "{\"a\":\"b\"} x",
        "{} {}"
      })
  void areNotReadFromAnythingElse(String text) {
    assertThatThrownBy(() -> AttributesJson.read(text)).isInstanceOf(IOException.class);
  }
}
