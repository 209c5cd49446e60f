package io.github.miniscan.sqlite;

import io.github.miniscan.sqlite.start.NativeLibrary;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/**
 * The file at a path, as something to connect to.
 *
 * <p>It never opens the file but through SQLite: closing any other descriptor of it would drop the
 * POSIX locks of every connection that this process has (see "How To Corrupt An SQLite Database
 * File", 2.2).
 */
final class DatabaseFile {

  private static final Runtime.Version LEAST_SQLITE = Runtime.Version.parse("3.51.3");

  private static final Duration LONGEST_WAIT = Duration.ofMillis(Integer.MAX_VALUE);

  private final String uri;
  private final Sentences sentences;
  private final FileIdentity identity;

  DatabaseFile(Path path) {
    Path resolved = resolve(path);
    this.sentences = new Sentences(resolved, path);
    this.identity = new FileIdentity(resolved, sentences);
    // A URI, because the driver would take a ? in a plain path for the start of its options.
    this.uri = "jdbc:sqlite:file:" + resolved.toUri().getRawPath();
  }

  /** Follows symbolic links, since SQLite puts the files beside the one that they lead to. */
  private static Path resolve(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath();
    }
  }

  Sentences sentences() {
    return sentences;
  }

  FileIdentity identity() {
    return identity;
  }

  /** The {@code mode} of a SQLite URI. */
  enum Mode {
    CREATE("mode=rwc"),
    WRITE("mode=rw"),
    /** Reads, and leaves the log of a killed writer to the next writer. */
    READ("mode=ro"),
    /** Reads without locks and without a log, for a file in a place that is read-only. */
    IMMUTABLE("mode=ro&immutable=1");

    private final String parameters;

    Mode(String parameters) {
      this.parameters = parameters;
    }
  }

  Connection connect(Mode mode, Duration lockWait) throws SQLException {
    identity.checkNoStrayWal();
    NativeLibrary.load();
    SQLiteConfig config = config();
    config.setBusyTimeout(
        lockWait.compareTo(LONGEST_WAIT) < 0 ? (int) lockWait.toMillis() : Integer.MAX_VALUE);
    return config.createConnection(uri + "?" + mode.parameters);
  }

  /**
   * Returns a configuration without SQLite's mutexes: the driver lets only one thread use a
   * connection at a time.
   */
  static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    return config;
  }

  /** Has all that this connection writes on the disk before SQLite relies on it. */
  static void syncFully(Statement statement) throws SQLException {
    statement.execute("PRAGMA synchronous = FULL");
    statement.execute("PRAGMA fullfsync = 1");
    statement.execute("PRAGMA checkpoint_fullfsync = 1");
  }

  /** Refuses a file that is not ours, as far as that shows without writing beside it. */
  void probe(Schema schema) throws SQLException {
    identity.checkNoDevice();
    try (Connection connection = connect(Mode.IMMUTABLE, Duration.ZERO);
        Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
        row.next();
        checkSqliteVersion(row.getString(1));
      }
      schema.check(statement, sentences);
    } catch (SQLException e) {
      // Without its log, half a checkpoint looks like damage. Half a write of the first page, which
      // a loss of power leaves, looks like no SQLite file at all. The next connection sees the log,
      // and will tell.
      SQLiteErrorCode code = Failures.primaryCode(e);
      boolean mayBeMended = code == SQLiteErrorCode.SQLITE_NOTADB && identity.hasLog();
      if (code != SQLiteErrorCode.SQLITE_CORRUPT && !mayBeMended) {
        throw e;
      }
    }
  }

  /**
   * Refuses a version of SQLite that can lose committed writes in WAL mode.
   *
   * @throws UnusableStoreException when it is older than the first one that does not
   */
  static void checkSqliteVersion(String version) {
    if (Runtime.Version.parse(version).compareTo(LEAST_SQLITE) < 0) {
      throw new UnusableStoreException(
          "SQLite "
              + version
              + " can lose committed writes: use sqlite-jdbc "
              + LEAST_SQLITE
              + " or later (where Spring Boot manages its version, by the Maven property"
              + " sqlite-jdbc.version)");
    }
  }

  /**
   * Refuses a log that belongs to another file, while this process has the lock for writing. Such a
   * log is there after an old copy was put in the place of a file that was not closed. Where the
   * copy is as large as the file was, nothing shows.
   *
   * @throws StoreException when some page is neither in the file nor in the log
   */
  void checkLog() throws SQLException {
    if (identity.walSize() == 0) {
      return;
    }
    try (Connection connection = connect(Mode.READ, Duration.ZERO);
        Statement statement = connection.createStatement()) {
      openLog(statement);
      try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(NOOP)")) {
        row.next();
        if (!WalPages.cover(identity, row.getInt("log"))) {
          throw sentences.logOfAnotherFile();
        }
      }
    } catch (IOException e) {
      throw Failures.unreadable("the write-ahead log cannot be read", e);
    }
  }

  /** Has SQLite open the file and its log, which it does with the first read. */
  private static void openLog(Statement statement) throws SQLException {
    statement.executeQuery(Schema.Mark.QUERY).close();
  }

  /**
   * Closes a connection without writing the log back into the file. SQLite does so with the last
   * connection of all, unless that one only reads.
   */
  void closeWithoutCheckpoint(Connection connection) {
    try (Connection last = connect(Mode.READ, Duration.ZERO);
        Statement statement = last.createStatement()) {
      openLog(statement);
      close(connection);
    } catch (SQLException | RuntimeException e) {
      close(connection);
    }
  }

  /** Closes a connection for good: committed data is durable and the rest is rolled back anyway. */
  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing is left to do for this connection.
    }
  }

  /** Returns the file as its user named it, harmless to show. */
  @Override
  public String toString() {
    return sentences.toString();
  }
}
