package io.github.miniscan.sqlite;

import io.github.miniscan.VisibleText;
import io.github.miniscan.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The file at a path: connects to it, knows whether it is still the one that was there before, and
 * turns what goes wrong with it into a sentence.
 *
 * <p>It never opens the file but through SQLite: closing any other descriptor of it would drop the
 * POSIX locks of every connection that this process has (see "How To Corrupt An SQLite Database
 * File", 2.2).
 */
final class DatabaseFile {

  /** SQLite versions before this one can lose committed writes in WAL mode. */
  private static final Runtime.Version LEAST_SQLITE = Runtime.Version.parse("3.51.3");

  private static final List<String> PARTS = List.of("", "-wal", "-shm");

  private final Path path;
  private final String name;
  private final String uri;
  private volatile @Nullable StrayWal strayWal;

  DatabaseFile(Path path) {
    this.path = resolve(path);
    this.name = VisibleText.of(path.toString());
    // A URI, because the driver would take a ? in a plain path for the start of its options.
    this.uri = "jdbc:sqlite:file:" + this.path.toUri().getRawPath();
  }

  /** Where a symbolic link leads, since that is where SQLite puts the files beside it. */
  private static Path resolve(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath();
    }
  }

  /** How to connect: the {@code mode} of a SQLite URI. */
  enum Mode {
    CREATE("mode=rwc"),
    WRITE("mode=rw"),
    /** As if nobody ever wrote it: no locks, no WAL; for a file in a place that is read-only. */
    IMMUTABLE("mode=ro&immutable=1");

    private final String parameters;

    Mode(String parameters) {
      this.parameters = parameters;
    }
  }

  Connection connect(Mode mode, Duration lockWait) throws SQLException {
    checkNoStrayWal();
    NativeLibrary.use();
    SQLiteConfig config = config();
    config.setBusyTimeout((int) Math.min(lockWait.toMillis(), Integer.MAX_VALUE));
    return config.createConnection(uri + "?" + mode.parameters);
  }

  /**
   * Without SQLite's mutexes: a connection is used by one thread at a time, which the driver sees
   * to once more.
   */
  static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    return config;
  }

  /** Whatever this connection writes is on the disk before SQLite relies on it. */
  static void syncFully(Statement statement) throws SQLException {
    statement.execute("PRAGMA synchronous = FULL");
    statement.execute("PRAGMA fullfsync = 1");
    statement.execute("PRAGMA checkpoint_fullfsync = 1");
  }

  /**
   * Notices that the file is no longer the one that was open, and sees to it that what SQLite kept
   * beside that one is not taken for what belongs to the next: it would ruin it.
   *
   * @param opened the {@link #identities} then
   */
  void checkInPlace(List<@Nullable Object> opened) {
    List<@Nullable Object> now = identities();
    if (now.equals(opened)) {
      return;
    }
    if (now.get(0) == null) {
      for (int part = 1; part < PARTS.size(); part++) {
        if (now.get(part) != null && now.get(part).equals(opened.get(part))) {
          removeLeftover(PARTS.get(part));
        }
      }
    } else if (!now.get(0).equals(opened.get(0)) && Objects.equals(now.get(1), opened.get(1))) {
      strayWal = new StrayWal(now.get(1), opened.get(0));
    }
    throw moved();
  }

  /**
   * A log beside a file that is not its own.
   *
   * @param wal the log's identity
   * @param owner that of the file that it belongs to
   */
  private record StrayWal(@Nullable Object wal, @Nullable Object owner) {}

  private void removeLeftover(String suffix) {
    try {
      Files.deleteIfExists(part(suffix));
    } catch (IOException e) {
      throw new StoreException(
          name + " was removed while it was open: remove " + name + suffix + " as well", e);
    }
  }

  /** The same while it is being opened, before there is anything beside it. */
  void checkIs(@Nullable Object identity) {
    if (!Objects.equals(identity(), identity)) {
      throw moved();
    }
  }

  private void checkNoStrayWal() {
    @Nullable StrayWal stray = strayWal;
    if (stray == null) {
      return;
    }
    boolean isBack = Objects.equals(stray.owner(), identity());
    if (!isBack && Objects.equals(stray.wal(), identityOf("-wal"))) {
      throw new StoreException(
          name
              + " was replaced while it was open, and "
              + name
              + "-wal still belongs to the file before: end every program that uses it, remove "
              + name
              + "-wal and -shm, and go on");
    }
    strayWal = null;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** The size of the write-ahead log in bytes; 0 where there is none. */
  long walSize() {
    return sizeOf("-wal");
  }

  private long sizeOf(String suffix) {
    try {
      return Files.size(part(suffix));
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * What tells the file at the path from any other one; null where there is none or where the
   * platform does not say (and does not let a file be removed while it is open).
   */
  @Nullable Object identity() {
    return identityOf("");
  }

  /** As {@link #identity}, with the files that SQLite keeps beside it while it is open. */
  List<@Nullable Object> identities() {
    List<@Nullable Object> identities = new ArrayList<>(PARTS.size());
    for (String part : PARTS) {
      identities.add(identityOf(part));
    }
    return identities;
  }

  /**
   * What changes when somebody writes.
   *
   * @param modified when the file was last written
   * @param size of the file
   * @param walSize of its write-ahead log
   */
  record State(FileTime modified, long size, long walSize) {}

  State state() {
    try {
      return new State(Files.getLastModifiedTime(path), Files.size(path), walSize());
    } catch (IOException e) {
      throw missing();
    }
  }

  private @Nullable Object identityOf(String suffix) {
    try {
      return Files.readAttributes(part(suffix), BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  private Path part(String suffix) {
    return suffix.isEmpty() ? path : path.resolveSibling(path.getFileName() + suffix);
  }

  /** Refuses what is not ours, as far as that shows without touching it. */
  void probe(Schema schema) throws SQLException {
    try (Connection connection = connect(Mode.IMMUTABLE, Duration.ZERO);
        Statement statement = connection.createStatement()) {
      checkSqliteVersion(statement);
      check(statement, schema);
    } catch (SQLException e) {
      // Half a checkpoint looks like damage to those who see neither WAL nor locks, and half a
      // write of the first page, which a loss of power leaves, like no SQLite file at all: whether
      // it is, the connection that sees them will tell.
      SQLiteErrorCode code = primaryCode(e);
      boolean unlikeOurs = code == SQLiteErrorCode.SQLITE_NOTADB && hasLog();
      if (code != SQLiteErrorCode.SQLITE_CORRUPT && !unlikeOurs) {
        throw e;
      }
    }
  }

  /** Whether there is something beside the file from which SQLite mends it on opening. */
  private boolean hasLog() {
    return sizeOf("-wal") > 0 || sizeOf("-journal") > 0;
  }

  private static void checkSqliteVersion(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      row.next();
      String version = row.getString(1);
      if (Runtime.Version.parse(version).compareTo(LEAST_SQLITE) < 0) {
        throw new StoreException(
            "SQLite " + version + " can lose committed writes: use sqlite-jdbc 3.51.3 or later");
      }
    }
  }

  /**
   * Refuses a foreign and a newer file.
   *
   * @return what the file says about itself
   */
  Schema.Mark check(Statement statement, Schema schema) throws SQLException {
    Schema.Mark mark;
    try (ResultSet row = statement.executeQuery(Schema.Mark.QUERY)) {
      mark = Schema.Mark.read(row);
    }
    check(mark, schema);
    return mark;
  }

  void check(Schema.Mark mark, Schema schema) {
    if (!mark.isOurs() && (mark.applicationId() != 0 || !mark.isEmpty())) {
      throw foreign();
    }
    if (mark.isOurs() && mark.version() > schema.version()) {
      throw new NewerFileException(
          name
              + " was written by a newer version of this program (format "
              + mark.version()
              + ", this one knows "
              + schema.version()
              + "): upgrade this program, or name another file");
    }
  }

  private StoreException foreign() {
    return new StoreException(
        name + " is a SQLite file of another program: it was left alone; name another file");
  }

  StoreException missing() {
    return new StoreException(
        "no store at " + name + ": name an existing file, or let consume create it");
  }

  StoreException empty() {
    return new StoreException("no store at " + name + ": the file is empty until something writes");
  }

  StoreException readOnly() {
    return new StoreException(name + " was opened for reading only: open it for writing");
  }

  private StoreException moved() {
    return new StoreException(
        name
            + " was removed or replaced while it was open: the next try uses the file that is there"
            + " then; do not move a store that is in use");
  }

  StoreException noWal(String mode) {
    return new StoreException(
        name
            + " can not use a write-ahead log (its journal mode stays "
            + mode
            + "): move it to a local disk");
  }

  StoreException changed() {
    return new StoreException(name + " was written while it was read without locks: read it again");
  }

  /** Closes for good. */
  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // What was committed is durable and the rest is void, with or without this.
    }
  }

  /** Whether this user may not do what SQLite needs to do with the file or beside it. */
  static boolean isNotPermitted(SQLException failure) {
    SQLiteErrorCode code = primaryCode(failure);
    return code == SQLiteErrorCode.SQLITE_CANTOPEN || code == SQLiteErrorCode.SQLITE_READONLY;
  }

  /** Whether another program's lock was in the way. */
  static boolean isLocked(SQLException failure) {
    SQLiteErrorCode code = primaryCode(failure);
    return code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED;
  }

  /** Whether the row itself was refused, now and for ever. */
  static boolean isRefusal(SQLException failure) {
    SQLiteErrorCode code = primaryCode(failure);
    return code == SQLiteErrorCode.SQLITE_CONSTRAINT || code == SQLiteErrorCode.SQLITE_TOOBIG;
  }

  /** The failure in a sentence that names the file and says what to do. */
  StoreException sentence(SQLException failure) {
    return new StoreException(explain(failure), failure);
  }

  /** What SQLite itself did not notice: that rows can not be what was written. */
  static SQLException damaged(String what, @Nullable Exception cause) {
    SQLException damaged = new SQLiteException(what, SQLiteErrorCode.SQLITE_CORRUPT);
    damaged.initCause(cause);
    return damaged;
  }

  private String explain(SQLException failure) {
    if (Files.isDirectory(path)) {
      return name + " is a directory: name a file in it";
    }
    return switch (primaryCode(failure)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          name + " is locked by another program: wait for it, or end it";
      case SQLITE_FULL -> "no room left on the disk of " + name + ": make room there";
      case SQLITE_CORRUPT ->
          name
              + " is damaged: put a copy in its place, or save what can be read with"
              + " \"sqlite3 FILE .recover\"";
      case SQLITE_NOTADB -> name + " is not a SQLite file: it was left alone; name another file";
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> explainNoAccess();
      case SQLITE_IOERR ->
          name + " can not be read or written (" + detail(failure) + "): look at its disk";
      default -> name + " can not be used: " + detail(failure);
    };
  }

  private String explainNoAccess() {
    Path parent = path.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      return "no directory for the store " + name + ": create " + VisibleText.of(parent.toString());
    }
    if (Files.notExists(path)) {
      return name + " can not be created: allow this user to write its directory";
    }
    if (!Files.isReadable(path)) {
      return name + " can not be read: allow this user to read it";
    }
    return name + " can not be written: allow this user to write the file and its directory";
  }

  private static String detail(SQLException failure) {
    return VisibleText.of(String.valueOf(failure.getMessage()));
  }

  private static SQLiteErrorCode primaryCode(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
        : SQLiteErrorCode.UNKNOWN_ERROR;
  }

  @Override
  public String toString() {
    return name;
  }
}
