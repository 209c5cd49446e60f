package io.github.miniscan.sqlite;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a lazy stream, read page by page. Each page is a short read of its own, however slowly
 * the stream is consumed: a long read would keep SQLite from restarting its WAL, which then grows
 * without bound.
 */
final class PagedStream<T> extends Spliterators.AbstractSpliterator<T> {

  private static final int FIRST_PAGE = 16;
  private static final int LARGEST_PAGE = 4_096;
  private static final long PAGE_BYTES = 4L << 20;

  private final Readers readers;
  private final Source<T> source;
  private Page<T> page = new Page<>(0);
  private int nextSize = FIRST_PAGE;
  private boolean more = true;

  private PagedStream(Readers readers, Source<T> source) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.readers = readers;
    this.source = source;
  }

  static <T> Stream<T> stream(Readers readers, Source<T> source) {
    return StreamSupport.stream(new PagedStream<>(readers, source), false);
  }

  /** A reader of pages that knows its position in a table. */
  interface Source<T> {

    /**
     * Reads rows from where the last page ended, until the page is full or has seen its maximum.
     *
     * @return whether there may be more rows
     */
    boolean read(Statements statements, Page<T> page) throws SQLException;
  }

  /** The rows of one short read: bounded in rows seen, and in bytes except for the last row. */
  static final class Page<T> {

    private final int maxRows;
    private final ArrayDeque<T> rows = new ArrayDeque<>();
    private long bytes;

    Page(int maxRows) {
      this.maxRows = maxRows;
    }

    int maxRows() {
      return maxRows;
    }

    boolean isFull() {
      return bytes >= PAGE_BYTES;
    }

    void add(T row, int size) {
      rows.add(row);
      bytes += size;
    }
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    @Nullable T row = page.rows.poll();
    while (row == null) {
      if (!more) {
        return false;
      }
      page = new Page<>(nextSize);
      nextSize = Math.min(nextSize * 4, LARGEST_PAGE);
      more = readers.read(connection -> source.read(connection, page));
      row = page.rows.poll();
    }
    action.accept(row);
    return true;
  }
}
