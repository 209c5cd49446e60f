package io.github.miniscan.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagedStreamTest {

  @TempDir private Path directory;
  private Readers readers;

  /** How many rows each page has seen. */
  private final List<Integer> pages = new ArrayList<>();

  @BeforeEach
  void makeAFile() {
    Path path = directory.resolve("scans.db");
    SqliteScanStore.open(path).close();
    readers = new Readers(new DatabaseFile(path), Schema.CURRENT, Duration.ZERO);
  }

  @AfterEach
  void close() {
    readers.close();
  }

  @Test
  void growFromAFewRowsToAFewThousand() {
    try (Stream<Integer> rows = PagedStream.stream(readers, numbers(20_000, 1))) {
      assertThat(rows).hasSize(20_000).isSorted().doesNotHaveDuplicates();
    }
    assertThat(pages).startsWith(16, 64, 256, 1_024, 4_096, 4_096);
  }

  @Test
  void endWhereTheirBytesReachALimit() {
    try (Stream<Integer> rows = PagedStream.stream(readers, numbers(20, 1 << 20))) {
      assertThat(rows).hasSize(20);
    }
    assertThat(pages).containsExactly(4, 4, 4, 4, 4, 0);
  }

  @Test
  void areReadWhenTheConsumerNeedsThem() {
    try (Stream<Integer> rows = PagedStream.stream(readers, numbers(1_000, 1))) {
      assertThat(pages).isEmpty();
      assertThat(rows.limit(3)).containsExactly(0, 1, 2);
    }
    assertThat(pages).containsExactly(16);
  }

  /** A table of numbers, of that many bytes each. */
  private PagedStream.Source<Integer> numbers(int size, int bytes) {
    int[] next = {0};
    return (statements, page) -> {
      int seen = 0;
      while (!page.isFull() && seen < page.maxRows() && next[0] < size) {
        page.add(next[0]++, bytes);
        seen++;
      }
      pages.add(seen);
      return page.isFull() || seen == page.maxRows();
    };
  }
}
