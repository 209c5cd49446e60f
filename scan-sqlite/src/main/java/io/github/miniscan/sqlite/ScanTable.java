package io.github.miniscan.sqlite;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.Utf8;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** The rows of {@code scan}: how they are written, and how they are read. */
final class ScanTable {

  /**
   * {@link ScanRecord#merge} in SQL. Responses are compared as BLOBs only, since any BLOB sorts
   * after any TEXT; and what changes nothing writes nothing.
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

  /** The driver keeps what is bound until it executes: so much fits the processor's cache. */
  private static final int ROWS_AT_ONCE = 500;

  private static final int BYTES_AT_ONCE = 1 << 19;

  private static final int V4_KEY_BYTES = 5;
  private static final int V6_KEY_BYTES = 17;

  private static final byte V4 = 4;
  private static final byte V6 = 6;
  private static final byte[] BEFORE_ALL = {};
  private static final byte[] AFTER_ALL = {V6 + 1};

  private ScanTable() {}

  /** Writes the records, and says how many rows changed. */
  static int upsert(PreparedStatement upsert, List<ScanRecord> records) throws SQLException {
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

  /**
   * How far the records from there on fit the processor's cache. To look at them here brings them
   * there: in the order of keys they lie anywhere in memory, binding would wait for one after the
   * other, and of a loop as short as this the processor fetches many at once.
   */
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
    upsert.setInt(8, response.isText() ? 1 : 0);
  }

  private static byte[] keyOf(IpAddress ip) {
    return ip.isV4()
        ? ByteBuffer.allocate(V4_KEY_BYTES).put(V4).putInt((int) ip.low()).array()
        : ByteBuffer.allocate(V6_KEY_BYTES).put(V6).putLong(ip.high()).putLong(ip.low()).array();
  }

  /** The rows that a query asks for, page after page. */
  static Pages.Source<ScanRecord> pages() {
    return new ScanPages();
  }

  private static final class ScanPages implements Pages.Source<ScanRecord> {

    private byte[] afterIp = BEFORE_ALL;
    private int afterPort = -1;
    private String afterService = "";

    @Override
    public boolean read(ReadConnection connection, Pages.Page<ScanRecord> page)
        throws SQLException {
      PreparedStatement select = connection.scanPage();
      select.setBytes(1, afterIp);
      select.setInt(2, afterPort);
      select.setString(3, afterService);
      select.setBytes(4, AFTER_ALL);
      select.setInt(5, page.maxRows());
      int seen = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (!page.isFull() && rows.next()) {
          seen++;
          advance(rows);
          byte[] response = rows.getBytes(6);
          ScanKey key = new ScanKey(addressOf(afterIp), afterPort, afterService);
          page.add(
              new ScanRecord(key, rows.getLong(4), rows.getLong(5), Response.wrap(response)),
              response.length);
        }
      } catch (RuntimeException e) {
        throw DatabaseFile.damaged("a row of scan is none: " + e.getMessage(), e);
      }
      return page.isFull() || seen == page.maxRows();
    }

    /** Each row comes after the one before, or a damaged file would be read in circles. */
    private void advance(ResultSet rows) throws SQLException {
      byte[] ip = rows.getBytes(1);
      int rowPort = rows.getInt(2);
      String rowService = rows.getString(3);
      int order = Arrays.compareUnsigned(ip, afterIp);
      order = order != 0 ? order : Integer.compare(rowPort, afterPort);
      order = order != 0 ? order : Utf8.compare(rowService, afterService);
      if (order <= 0) {
        throw DatabaseFile.damaged("the rows of scan are out of order", null);
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
