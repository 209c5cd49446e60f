package io.github.miniscan.sqlite;

import io.github.miniscan.IpAddress;
import io.github.miniscan.IpRange;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.Utf8;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of the table {@code scan}: how its rows are written and read. */
final class ScanTable {

  /**
   * {@link ScanRecord#merge} in SQL. Responses are compared as BLOBs only, since any BLOB sorts
   * after any TEXT. A record that changes nothing writes nothing. A TEXT with U+0000, as earlier
   * versions wrote it, becomes a BLOB with the first change of its row.
   */
  static final String UPSERT =
      """
      INSERT INTO scan (ip_key, port, service, ip, first_scanned, last_scanned, response)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, iif(?8, CAST(?7 AS TEXT), ?7))
      ON CONFLICT (ip_key, port, service) DO UPDATE SET
        first_scanned = min(first_scanned, excluded.first_scanned),
        last_scanned = max(last_scanned, excluded.last_scanned),
        response = CASE
          WHEN excluded.last_scanned > last_scanned
            OR (excluded.last_scanned = last_scanned
              AND CAST(excluded.response AS BLOB) > CAST(response AS BLOB))
          THEN excluded.response
          WHEN instr(response, char(0)) THEN CAST(response AS BLOB)
          ELSE response END
      WHERE excluded.first_scanned < first_scanned
        OR excluded.last_scanned > last_scanned
        OR (excluded.last_scanned = last_scanned
          AND CAST(excluded.response AS BLOB) > CAST(response AS BLOB))
      """;

  private static final String PAGE =
      """
      SELECT ip_key, port, service, first_scanned, last_scanned, iif(%s, response, NULL)
      FROM scan
      WHERE (ip_key, port, service) > (?, ?, ?) AND ip_key <= ?
      ORDER BY ip_key, port, service
      LIMIT ?
      """;

  /** The driver keeps bound values until it executes: this many fit the processor's cache. */
  private static final int ROWS_AT_ONCE = 500;

  private static final int BYTES_AT_ONCE = 1 << 19;

  /** The keys of all addresses, which begin with the byte 4 or 6. */
  private static final KeyRange ALL_ADDRESSES = new KeyRange(new byte[] {4}, new byte[] {7});

  private ScanTable() {}

  /** Writes the records, and returns how many rows changed. */
  static int upsert(Statements statements, List<ScanRecord> records) throws SQLException {
    PreparedStatement upsert = statements.prepared(UPSERT);
    int changed = 0;
    int to;
    for (int from = 0; from < records.size(); from = to) {
      to = endOfPart(records, from);
      for (ScanRecord record : records.subList(from, to)) {
        bind(upsert, record);
        upsert.addBatch();
      }
      for (int rows : upsert.executeBatch()) {
        changed += rows;
      }
    }
    return changed;
  }

  /** Returns the end of the records that are executed at once, from there on. */
  private static int endOfPart(List<ScanRecord> records, int from) {
    int most = Math.min(from + ROWS_AT_ONCE, records.size());
    int to = from;
    for (long bytes = 0; to < most && bytes < BYTES_AT_ONCE; to++) {
      bytes += sizeOf(records.get(to));
    }
    return to;
  }

  private static int sizeOf(ScanRecord record) {
    return record.key().service().length() + record.response().size();
  }

  private static void bind(PreparedStatement upsert, ScanRecord record) throws SQLException {
    ScanKey key = record.key();
    Response response = record.response();
    upsert.setBytes(1, key.ip().sortableBytes());
    upsert.setInt(2, key.port());
    upsert.setString(3, key.service());
    upsert.setString(4, key.ip().toString());
    upsert.setLong(5, record.firstScanned());
    upsert.setLong(6, record.lastScanned());
    upsert.setBytes(7, response.bytesUncopied());
    upsert.setInt(8, response.isText() && !hasNul(response.bytesUncopied()) ? 1 : 0);
  }

  private static boolean hasNul(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the rows that may be asked for, page after page. Other rows are passed over inside
   * SQLite, and count as rows of their page.
   */
  static PagedStream.Source<ScanRecord> pages(ScanQuery query) {
    return new ScanPages(query);
  }

  /**
   * Returns the query for a page: rows after a key, up to an address, in key order. Rows that do
   * not fulfil a condition come without their response, which is not read.
   */
  static String page(Condition wanted) {
    return PAGE.formatted(wanted.sql());
  }

  private static Condition wanted(ScanFilter filter) {
    Condition wanted = new Condition();
    filter.ports().ifPresent(ports -> wanted.isInAny("port", ports));
    filter.services().ifPresent(services -> wanted.isOneOf("service", services));
    wanted.isIn("first_scanned", filter.firstScanned());
    wanted.isIn("last_scanned", filter.lastScanned());
    return wanted;
  }

  /**
   * A range of addresses, as the bytes that are the key's.
   *
   * @param first the first address
   * @param last the last address
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record KeyRange(byte[] first, byte[] last) {
    static KeyRange of(IpRange range) {
      return new KeyRange(range.first().sortableBytes(), range.last().sortableBytes());
    }
  }

  private static final class ScanPages implements PagedStream.Source<ScanRecord> {

    private final Condition wanted;
    private final String select;
    private final Iterator<KeyRange> ranges;
    private byte @Nullable [] lastIp;
    private byte[] afterIp = {};
    private int afterPort = -1;
    private String afterService = "";

    ScanPages(ScanQuery query) {
      wanted = wanted(query.filter());
      select = page(wanted);
      ranges = ranges(query.filter()).iterator();
      query.after().ifPresent(key -> moveTo(key.ip().sortableBytes(), key.port(), key.service()));
      nextRange();
    }

    private static List<KeyRange> ranges(ScanFilter filter) {
      boolean matchesNothing =
          filter.ports().filter(List::isEmpty).isPresent()
              || filter.services().filter(Set::isEmpty).isPresent();
      return matchesNothing
          ? List.of()
          : filter
              .ips()
              .map(ips -> ips.stream().map(KeyRange::of).toList())
              .orElse(List.of(ALL_ADDRESSES));
    }

    private void nextRange() {
      lastIp = null;
      while (lastIp == null && ranges.hasNext()) {
        KeyRange range = ranges.next();
        if (Arrays.compareUnsigned(range.last, afterIp) >= 0) {
          lastIp = range.last;
          if (Arrays.compareUnsigned(range.first, afterIp) > 0) {
            moveTo(range.first, -1, "");
          }
        }
      }
    }

    private void moveTo(byte[] ip, int port, String service) {
      afterIp = ip;
      afterPort = port;
      afterService = service;
    }

    @Override
    public boolean read(Statements statements, PagedStream.Page<ScanRecord> page)
        throws SQLException {
      int seen = 0;
      while (lastIp != null && seen < page.maxRows() && !page.isFull()) {
        int most = page.maxRows() - seen;
        int rows = readRange(statements, page, most, lastIp);
        if (rows < most && !page.isFull()) {
          nextRange();
        }
        // A range without rows is work too, and there may be many of them.
        seen += Math.max(1, rows);
      }
      return lastIp != null;
    }

    private int readRange(
        Statements statements, PagedStream.Page<ScanRecord> page, int most, byte[] last)
        throws SQLException {
      PreparedStatement query = statements.prepared(select);
      int parameter = wanted.bind(query);
      query.setBytes(parameter++, afterIp);
      query.setInt(parameter++, afterPort);
      query.setString(parameter++, afterService);
      query.setBytes(parameter++, last);
      query.setInt(parameter, most);
      int seen = 0;
      try (ResultSet rows = query.executeQuery()) {
        while (!page.isFull() && rows.next()) {
          seen++;
          byte @Nullable [] response = rows.getBytes(6);
          if (response != null || seen == most) {
            advance(rows);
          }
          if (response != null) {
            page.add(record(rows, response), response.length);
          }
        }
      } catch (RuntimeException e) {
        throw Failures.damaged("invalid row in scan: " + e.getMessage(), e);
      }
      return seen;
    }

    private ScanRecord record(ResultSet row, byte[] response) throws SQLException {
      ScanKey key = new ScanKey(IpAddress.ofSortableBytes(afterIp), afterPort, afterService);
      return new ScanRecord(key, row.getLong(4), row.getLong(5), Response.wrap(response));
    }

    /**
     * Throws unless the row comes after the one before: a damaged file could be read in circles.
     */
    private void advance(ResultSet row) throws SQLException {
      byte[] ip = row.getBytes(1);
      int port = row.getInt(2);
      String service = row.getString(3);
      int order = Arrays.compareUnsigned(ip, afterIp);
      order = order != 0 ? order : Integer.compare(port, afterPort);
      order = order != 0 ? order : Utf8.compare(service, afterService);
      if (order <= 0) {
        throw Failures.damaged("the rows of scan are out of order", null);
      }
      moveTo(ip, port, service);
    }
  }
}
