package io.github.miniscan.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
