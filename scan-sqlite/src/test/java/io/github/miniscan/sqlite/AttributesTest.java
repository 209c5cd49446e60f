package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest {

  @Test
  void areAnObjectInTheOrderOfTheirNames() throws IOException {
    Map<String, String> attributes = Map.of("b", "2", "a", "\"\u001b", "", "");
    String json = Attributes.toJson(attributes);

    assertThat(json).isEqualTo("{\"\":\"\",\"a\":\"\\\"\\u001B\",\"b\":\"2\"}");
    assertThat(Attributes.ofJson(json)).isEqualTo(attributes);
  }

  @Test
  void areAnEmptyObjectWhereThereAreNone() throws IOException {
    assertThat(Attributes.toJson(Map.of())).isEqualTo("{}");
    assertThat(Attributes.ofJson("{}")).isEmpty();
  }
}
