package io.github.miniscan.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFileTest {

  private static final String TEXT =
      """
      # Title

      Before.

      <!-- table:one -->
      | old |
      <!-- /table -->

      Between.

      <!-- table:two -->
      <!-- /table -->
      After.
      """;

  private static final Table ONE = Table.builder("one", "what", "n").row("a|b", "1").build();

  @TempDir Path directory;
  private Path path;
  private TableFile file;

  @BeforeEach
  void write() throws IOException {
    path = directory.resolve("document.md");
    Files.writeString(path, TEXT);
    file = new TableFile(path);
  }

  @Test
  void replacesWhatIsBetweenTheMarkersAndNothingElse() throws IOException {
    file.write(List.of(ONE));
    assertThat(path)
        .content()
        .isEqualTo(TEXT.replace("| old |\n", "| what | n |\n| --- | ---: |\n| a\\|b | 1 |\n"));
    file.write(List.of(ONE));
    assertThat(path).content().containsOnlyOnce("| what | n |");
  }

  @Test
  void aMissingMarkerIsNamedAndNothingIsWritten() {
    Table other = Table.builder("three", "what").build();
    assertThatThrownBy(() -> file.write(List.of(ONE, other)))
        .hasMessageContaining("has no line <!-- table:three -->");
    assertThat(path).content().isEqualTo(TEXT);
    assertThatThrownBy(() -> file.check(List.of("one", "three"))).isInstanceOf(IOException.class);
  }

  @Test
  void aTableWithoutItsEndDoesNotSwallowTheNext() throws IOException {
    Files.writeString(path, TEXT.replaceFirst("<!-- /table -->", ""));
    assertThatThrownBy(() -> file.write(List.of(ONE)))
        .hasMessageContaining("<!-- /table --> after <!-- table:one -->");
  }

  @Test
  void severalMayWriteAtTheSameTime() {
    Table two = Table.builder("two", "what").row("2").build();
    IntStream.range(0, 200)
        .parallel()
        .forEach(
            i ->
                assertThatCode(() -> file.write(List.of(i % 2 == 0 ? ONE : two)))
                    .doesNotThrowAnyException());
    assertThat(path).content().contains("| a\\|b | 1 |", "| 2 |", "Between.", "After.");
  }

  @Test
  void rowsAreAsLongAsTheHeader() {
    assertThatThrownBy(() -> Table.builder("t", "a", "b").row("1").build())
        .hasMessage("table t has 2 columns: [1]");
  }
}
