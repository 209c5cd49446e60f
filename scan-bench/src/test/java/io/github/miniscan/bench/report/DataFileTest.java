package io.github.miniscan.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFileTest {

  @TempDir Path directory;

  @Test
  void writesOneSectionAndLeavesTheOthers() throws IOException {
    Path path = directory.resolve("performance.json");
    DataFile file = new DataFile(path);
    file.write(report("first", 1), Map.of("commit", "aaa"));
    file.write(report("second", 2), Map.of("commit", "bbb"));
    file.write(report("second", 3), Map.of("commit", "ccc"));

    JsonNode sections = new ObjectMapper().readTree(path.toFile()).path("sections");
    assertThat(sections.path("first").path("commit").asText()).isEqualTo("aaa");
    assertThat(sections.path("second").path("commit").asText()).isEqualTo("ccc");
    JsonNode run = sections.path("second").path("runs").path(0);
    assertThat(run.path("rate").asDouble()).isEqualTo(3);
    assertThat(run.has("fault")).isFalse();
    assertThat(sections.path("second").path("runs").path(1).path("fault").asText())
        .isEqualTo("wrong");
    assertThat(sections.path("second").path("options").path("messages").asText()).isEqualTo("5");
  }

  @Test
  void goalsComeBackAsTheyWere() throws IOException {
    DataFile file = new DataFile(directory.resolve("performance.json"));
    SectionReport report = report("first", 1);
    file.write(report, Map.of());
    assertThat(file.goals("first")).isEqualTo(report.goals());
    assertThat(file.goals("never measured")).isEmpty();
  }

  @Test
  void whatIsNoObjectIsNotOverwritten() throws IOException {
    Path path = directory.resolve("performance.json");
    Files.writeString(path, "[]");
    assertThatThrownBy(() -> new DataFile(path).write(report("first", 1), Map.of()))
        .hasMessageContaining("is no JSON object");
    assertThat(path).hasContent("[]");
  }

  private static SectionReport report(String name, double rate) {
    return new SectionReport(
        name,
        Map.of("messages", "5"),
        Map.of("sqlite", "3.0"),
        List.of(
            new Run("group", "a", 1, Map.of("rate", rate), ""),
            new Run("group", "a", 2, Map.of(), "wrong")),
        List.of(),
        List.of(
            Goal.atLeast(0.9, "what", Optional.of(new Spread(1, 0.5, 1.5, 3))),
            Goal.atMost(10, "ms", "other", Optional.empty())),
        List.of("a note"));
  }
}
