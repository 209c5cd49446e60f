package io.github.miniscan.store;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A question to a {@link ScanReader}: which records, in which order, from where on, and how many.
 *
 * <p>Immutable: each {@code with} method returns a new query.
 */
public final class ScanQuery {

  /** The order of answers. */
  public enum Order {
    /** By key: address, port, service. Answers in this order stream, however many there are. */
    KEY,
    /** By {@code lastScanned}, the latest first, and then by key. */
    NEWEST_FIRST
  }

  /** The most records of a query whose answer must be sorted, and so is held in memory. */
  public static final int LARGEST_SORTED = 100_000;

  private static final Comparator<ScanRecord> NEWEST_FIRST =
      Comparator.comparingLong(ScanRecord::lastScanned).reversed().thenComparing(ScanRecord::key);

  private final ScanFilter filter;
  private final Order order;
  private final @Nullable ScanKey after;
  private final long limit;

  private ScanQuery(ScanFilter filter, Order order, @Nullable ScanKey after, long limit) {
    this.filter = requireNonNull(filter, "filter");
    this.order = order;
    this.after = after;
    this.limit = limit;
  }

  /** Returns the query for every record, in key order. */
  public static ScanQuery all() {
    return of(ScanFilter.all());
  }

  /** Returns the query for every record that matches, in key order. */
  public static ScanQuery of(ScanFilter filter) {
    return new ScanQuery(filter, Order.KEY, null, Long.MAX_VALUE);
  }

  /**
   * Returns the query for the records that were scanned last, the latest first.
   *
   * @param limit the most records to answer, 0 to {@link #LARGEST_SORTED}
   * @throws IllegalArgumentException when the limit is out of range
   */
  public static ScanQuery newest(ScanFilter filter, int limit) {
    return new ScanQuery(filter, Order.NEWEST_FIRST, null, LARGEST_SORTED).withLimit(limit);
  }

  /**
   * Returns this query for at most this many records.
   *
   * @throws IllegalArgumentException when the limit is negative, or too large for the order
   */
  public ScanQuery withLimit(long limit) {
    boolean sorted = order == Order.NEWEST_FIRST;
    if (limit < 0 || sorted && limit > LARGEST_SORTED) {
      throw new IllegalArgumentException(
          "limit out of range: "
              + limit
              + (sorted ? " (0 to " + LARGEST_SORTED + " in this order)" : " (0 or more)"));
    }
    return new ScanQuery(filter, order, after, limit);
  }

  /**
   * Returns this query for the records whose keys come after this one, which need not exist: the
   * last key of one answer continues it.
   *
   * @throws IllegalStateException when the query has another order than that of keys
   */
  public ScanQuery withAfter(ScanKey key) {
    if (order != Order.KEY) {
      throw new IllegalStateException("only an answer in key order can be continued");
    }
    return new ScanQuery(filter, order, requireNonNull(key, "key"), limit);
  }

  /** Returns which records are asked for. */
  public ScanFilter filter() {
    return filter;
  }

  /** Returns the order of the answer. */
  public Order order() {
    return order;
  }

  /** Returns the key after which the answer begins; empty where it begins with the first. */
  public Optional<ScanKey> after() {
    return Optional.ofNullable(after);
  }

  /** Returns the most records to answer; {@link Long#MAX_VALUE} for no limit. */
  public long limit() {
    return limit;
  }

  /**
   * Makes the answer from rows that a store has read: the last step of every {@link
   * ScanReader#find}. The rows come in key order, one for each key, and hold at least all records
   * that are asked for. Closing the answer closes the rows.
   */
  public Stream<ScanRecord> answer(Stream<ScanRecord> rows) {
    Stream<ScanRecord> matching =
        rows.filter(row -> after == null || row.key().compareTo(after) > 0).filter(filter::matches);
    return order == Order.KEY ? matching.limit(limit) : newestOf(matching);
  }

  private Stream<ScanRecord> newestOf(Stream<ScanRecord> matching) {
    return StreamSupport.stream(
            () -> newestFirst(matching).spliterator(), Spliterator.ORDERED, false)
        .onClose(matching::close);
  }

  /** Holds no more records than the limit, however many match. */
  private List<ScanRecord> newestFirst(Stream<ScanRecord> matching) {
    PriorityQueue<ScanRecord> newest = new PriorityQueue<>(NEWEST_FIRST.reversed());
    matching.forEachOrdered(
        record -> {
          newest.add(record);
          if (newest.size() > limit) {
            newest.remove();
          }
        });
    return newest.stream().sorted(NEWEST_FIRST).toList();
  }
}
