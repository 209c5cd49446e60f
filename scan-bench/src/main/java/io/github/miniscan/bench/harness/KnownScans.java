package io.github.miniscan.bench.harness;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Well-formed messages on whose outcome everybody agrees, also those who have no rule for ties and
 * keep addresses as they are spelled: no two scans of a key are of the same second, and there is
 * one spelling of everything.
 */
final class KnownScans {

  private static final long SEED = 8;
  private static final int KEY_SHARE = 2;
  private static final int MANY_KEYS = 50_000_000;
  private static final String EXISTS = "SELECT 1 FROM sqlite_master WHERE name = 'scan'";
  private static final String SELECT = "SELECT ip, port, service, last_scanned, response FROM scan";

  private final List<byte[]> payloads = new ArrayList<>();
  private final Map<Key, Newest> newest = new HashMap<>();

  private record Key(String ip, int port, String service) {}

  private record Newest(long second, String response) {}

  private KnownScans() {}

  /** So many messages, of which many update what others said. */
  static KnownScans updates(int count) {
    return of(count, Math.max(1, count / KEY_SHARE), false);
  }

  /** So many messages with a key each, so that rows can be compared with acks. */
  static KnownScans distinct(int count) {
    return of(count, MANY_KEYS, true);
  }

  private static KnownScans of(int count, int keys, boolean distinct) {
    TrafficGenerator traffic =
        new TrafficGenerator(
            TrafficOptions.realistic(SEED).withKeys(keys).withTies(0).withOdd(0).withMalformed(0));
    KnownScans scans = new KnownScans();
    Set<String> taken = new HashSet<>();
    while (scans.payloads.size() < count) {
      TrafficMessage message = traffic.next();
      ScanRecord scan = message.record().orElseThrow();
      String place = distinct ? scan.key().toString() : scan.key() + " at " + scan.lastScanned();
      if (taken.add(place)) {
        scans.add(scan, message.payload());
      }
    }
    return scans;
  }

  private void add(ScanRecord scan, byte[] payload) {
    payloads.add(payload);
    Key key = new Key(scan.key().ip().toString(), scan.key().port(), scan.key().service());
    newest.merge(
        key,
        new Newest(scan.lastScanned(), scan.response().text()),
        (old, other) -> other.second > old.second ? other : old);
  }

  /** Malformed messages of every kind. */
  static List<byte[]> malformed(int count) {
    TrafficGenerator traffic =
        new TrafficGenerator(
            TrafficOptions.realistic(SEED)
                .withDuplicates(0)
                .withTies(0)
                .withLate(0)
                .withMalformed(1));
    List<byte[]> payloads = new ArrayList<>();
    while (payloads.size() < count) {
      byte[] payload = traffic.next().payload();
      if (payload.length > 0) {
        payloads.add(payload);
      }
    }
    return payloads;
  }

  List<byte[]> payloads() {
    return payloads;
  }

  /**
   * What a table {@code scan} holds.
   *
   * @param rows all
   * @param missing keys without a row
   * @param wrong rows that have another scan than the newest
   * @param extra rows of keys that no message has
   */
  record Comparison(int rows, int missing, int wrong, int extra) {

    boolean isRight() {
      return missing == 0 && wrong == 0 && extra == 0;
    }

    /** In a few words. */
    String words() {
      List<String> words = new ArrayList<>();
      count(words, missing, "missing");
      count(words, wrong, "not the newest");
      count(words, extra, "that should not be there");
      return words.isEmpty() ? "all there" : String.join(", ", words);
    }

    private static void count(List<String> words, int count, String what) {
      if (count > 0) {
        words.add("%,d %s".formatted(count, what));
      }
    }
  }

  /** Compares the file as it is now, of which others may have it open. */
  Comparison compare(Path database) {
    if (!Files.exists(database)) {
      return new Comparison(0, newest.size(), 0, 0);
    }
    int rows = 0;
    int wrong = 0;
    int extra = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      if (!isThere(statement)) {
        return new Comparison(0, newest.size(), 0, 0);
      }
      try (ResultSet row = statement.executeQuery(SELECT)) {
        while (row.next()) {
          rows++;
          @Nullable Newest expected =
              newest.get(new Key(row.getString(1), row.getInt(2), row.getString(3)));
          if (expected == null) {
            extra++;
          } else if (!expected.equals(new Newest(row.getLong(4), row.getString(5)))) {
            wrong++;
          }
        }
      }
    } catch (SQLException e) {
      throw new HarnessException("cannot read " + database + ": " + e.getMessage(), e);
    }
    return new Comparison(rows, newest.size() - (rows - extra), wrong, extra);
  }

  private static boolean isThere(Statement statement) throws SQLException {
    try (ResultSet table = statement.executeQuery(EXISTS)) {
      return table.next();
    }
  }
}
