package io.github.miniscan.sqlite;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.Utf8;
import io.github.miniscan.store.ScanQuery;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
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

  /** A page of rows: after a key, up to an address, in the order of keys. */
  static final String PAGE =
      """
      SELECT ip_key, port, service, first_scanned, last_scanned, response
      FROM scan
      WHERE (ip_key, port, service) > (?, ?, ?) AND ip_key <= ?
      ORDER BY ip_key, port, service
      LIMIT ?
      """;

  /** The driver keeps bound values until it executes: this many fit the processor's cache. */
  private static final int ROWS_AT_ONCE = 500;

  private static final int BYTES_AT_ONCE = 1 << 19;

  private static final int V4_KEY_BYTES = 5;
  private static final int V6_KEY_BYTES = 17;

  private static final byte V4 = 4;
  private static final byte V6 = 6;
  private static final byte[] BEFORE_ALL = {};
  private static final byte[] AFTER_ALL = {V6 + 1};

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
    ScanKey key = record.key();
    return (key.ip().isV4() ? V4_KEY_BYTES : V6_KEY_BYTES)
        + key.service().length()
        + record.response().bytesUncopied().length;
  }

  private static void bind(PreparedStatement upsert, ScanRecord record) throws SQLException {
    ScanKey key = record.key();
    Response response = record.response();
    upsert.setBytes(1, keyOf(key.ip()));
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

  private static byte[] keyOf(IpAddress ip) {
    return ip.isV4()
        ? ByteBuffer.allocate(V4_KEY_BYTES).put(V4).putInt((int) ip.low()).array()
        : ByteBuffer.allocate(V6_KEY_BYTES).put(V6).putLong(ip.high()).putLong(ip.low()).array();
  }

  /** Returns the rows that a query asks for, page after page. */
  static PagedStream.Source<ScanRecord> pages(ScanQuery query) {
    return new ScanPages(query);
  }

  private static final class ScanPages implements PagedStream.Source<ScanRecord> {

    private final @Nullable Integer port;
    private final @Nullable String service;
    private final byte[] lastIp;
    private byte[] afterIp;
    private int afterPort = -1;
    private String afterService = "";

    ScanPages(ScanQuery query) {
      port = query.port().orElse(null);
      service = query.service().orElse(null);
      afterIp = query.ip().map(ScanTable::keyOf).orElse(BEFORE_ALL);
      lastIp = query.ip().map(ScanTable::keyOf).orElse(AFTER_ALL);
    }

    @Override
    public boolean read(Statements statements, PagedStream.Page<ScanRecord> page)
        throws SQLException {
      PreparedStatement select = statements.prepared(PAGE);
      select.setBytes(1, afterIp);
      select.setInt(2, afterPort);
      select.setString(3, afterService);
      select.setBytes(4, lastIp);
      select.setInt(5, page.maxRows());
      int seen = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (!page.isFull() && rows.next()) {
          seen++;
          advance(rows);
          if ((port == null || port == afterPort)
              && (service == null || service.equals(afterService))) {
            byte[] response = rows.getBytes(6);
            ScanKey key = new ScanKey(addressOf(afterIp), afterPort, afterService);
            page.add(
                new ScanRecord(key, rows.getLong(4), rows.getLong(5), Response.wrap(response)),
                response.length);
          }
        }
      } catch (RuntimeException e) {
        throw Failures.damaged("invalid row in scan: " + e.getMessage(), e);
      }
      return page.isFull() || seen == page.maxRows();
    }

    /**
     * Throws unless the row comes after the one before: a damaged file could be read in circles.
     */
    private void advance(ResultSet rows) throws SQLException {
      byte[] ip = rows.getBytes(1);
      int rowPort = rows.getInt(2);
      String rowService = rows.getString(3);
      int order = Arrays.compareUnsigned(ip, afterIp);
      order = order != 0 ? order : Integer.compare(rowPort, afterPort);
      order = order != 0 ? order : Utf8.compare(rowService, afterService);
      if (order <= 0) {
        throw Failures.damaged("the rows of scan are out of order", null);
      }
      afterIp = ip;
      afterPort = rowPort;
      afterService = rowService;
    }

    private static IpAddress addressOf(byte[] key) {
      return IpAddress.ofBytes(Arrays.copyOfRange(key, 1, key.length));
    }
  }
}
