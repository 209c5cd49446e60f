package io.github.miniscan.proof.concurrency;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The program of somebody else that has the file open: it holds a read transaction while others
 * write, checks that it sees one state of the whole file throughout, and asks for checkpoints.
 */
final class Snapshots implements Callable<Long> {

  private static final String COUNTS =
      """
      SELECT (SELECT count(*) FROM scan WHERE service = '%s'), (SELECT count(*) FROM dead_letter
          WHERE detail = '%s'),
        (SELECT group_concat(state) FROM (SELECT DISTINCT ip || ' ' || last_scanned || ' '
          || response AS state FROM scan WHERE service = 'hot' ORDER BY state)),
        (SELECT count(*) FROM (SELECT DISTINCT ip, first_scanned, last_scanned, response
          FROM scan WHERE service = 'hot')) - (SELECT count(DISTINCT ip) FROM scan
          WHERE service = 'hot')
      """
          .formatted(Plan.ONCE, Plan.DETAIL);

  private final Path path;
  private final Random random;
  private final BooleanSupplier stopped;
  private final boolean holding;

  /**
   * @param holding whether it reads and holds what it reads; otherwise it makes checkpoints
   */
  Snapshots(Path path, long seed, boolean holding, BooleanSupplier stopped) {
    this.path = path;
    this.random = new Random(seed);
    this.holding = holding;
    this.stopped = stopped;
  }

  /**
   * @return how many snapshots there were, or checkpoints
   */
  @Override
  public Long call() throws SQLException, InterruptedException {
    long done = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 2000");
      do {
        if (holding) {
          hold(statement);
        } else {
          checkpoint(statement);
        }
        done++;
      } while (!stopped.getAsBoolean());
    }
    return done;
  }

  private void hold(Statement statement) throws SQLException, InterruptedException {
    statement.execute("BEGIN");
    String before = counts(statement);
    Thread.sleep(random.nextInt(30));
    String after = counts(statement);
    statement.execute("COMMIT");
    if (!before.equals(after)) {
      throw new AssertionError("a snapshot changed from %s to %s".formatted(before, after));
    }
  }

  private static String counts(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(COUNTS)) {
      row.next();
      long keys = row.getLong(1);
      long letters = row.getLong(2);
      if (keys != letters || row.getLong(4) != 0) {
        throw new AssertionError(
            "half a batch: %d keys and %d dead letters, one of each for a batch; %s"
                .formatted(keys, letters, row.getString(3)));
      }
      return keys + " " + row.getString(3);
    }
  }

  private void checkpoint(Statement statement) throws SQLException, InterruptedException {
    String[] kinds = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};
    statement.execute("PRAGMA busy_timeout = 100");
    try {
      statement.execute("PRAGMA wal_checkpoint(" + kinds[random.nextInt(kinds.length)] + ")");
    } catch (SQLiteException e) {
      // Held by a reader or a writer, which is theirs to do.
      if ((e.getResultCode().code & 0xff) != SQLiteErrorCode.SQLITE_BUSY.code) {
        throw e;
      }
    }
    Thread.sleep(random.nextInt(20));
  }
}
