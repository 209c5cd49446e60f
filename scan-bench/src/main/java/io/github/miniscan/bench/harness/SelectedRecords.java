package io.github.miniscan.bench.harness;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanReader;
import io.github.miniscan.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The records in a table of somebody else's. All are read into memory and sorted there, since such
 * a table need not be able to sort them.
 */
final class SelectedRecords implements ScanReader {

  private final Path database;
  private final String select;

  /**
   * The records that a statement gives.
   *
   * @param select gives ip, port, service, first_scanned, last_scanned, response, in any order
   */
  SelectedRecords(Path database, String select) {
    this.database = database;
    this.select = select;
  }

  /** How many keys there are. */
  long keys() {
    return find(ScanQuery.all()).map(ScanRecord::key).distinct().count();
  }

  @Override
  public Stream<ScanRecord> find(ScanQuery query) {
    List<ScanRecord> records = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(select)) {
      while (rows.next()) {
        records.add(
            new ScanRecord(
                new ScanKey(IpAddress.parse(rows.getString(1)), rows.getInt(2), rows.getString(3)),
                rows.getLong(4),
                rows.getLong(5),
                Response.wrap(rows.getBytes(6))));
      }
    } catch (SQLException | IllegalArgumentException e) {
      throw new StoreException("cannot read the records in " + database + ": " + e.getMessage(), e);
    }
    records.sort(Comparator.comparing(ScanRecord::key));
    return query.answer(records.stream());
  }
}
