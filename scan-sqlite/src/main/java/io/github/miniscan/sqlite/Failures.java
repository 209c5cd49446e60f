package io.github.miniscan.sqlite;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The kinds of SQLite's failures, by their primary result code. */
final class Failures {

  private Failures() {}

  static SQLiteErrorCode primaryCode(SQLException failure) {
    return failure instanceof SQLiteException sqlite
        ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
        : SQLiteErrorCode.UNKNOWN_ERROR;
  }

  /** Returns whether this user may not do what SQLite needs to do with the file or beside it. */
  static boolean isNotPermitted(SQLException failure) {
    SQLiteErrorCode code = primaryCode(failure);
    return code == SQLiteErrorCode.SQLITE_CANTOPEN || code == SQLiteErrorCode.SQLITE_READONLY;
  }

  /** Returns whether another program's lock was in the way. */
  static boolean isLocked(SQLException failure) {
    SQLiteErrorCode code = primaryCode(failure);
    return code == SQLiteErrorCode.SQLITE_BUSY || code == SQLiteErrorCode.SQLITE_LOCKED;
  }

  /** Returns whether the row itself was refused, and always will be. */
  static boolean isRefusal(SQLException failure) {
    SQLiteErrorCode code = primaryCode(failure);
    return code == SQLiteErrorCode.SQLITE_CONSTRAINT || code == SQLiteErrorCode.SQLITE_TOOBIG;
  }

  /** Returns the failure for damage that SQLite itself does not notice: a row that is invalid. */
  static SQLException damaged(String what, @Nullable Exception cause) {
    return failure(SQLiteErrorCode.SQLITE_CORRUPT, what, cause);
  }

  static SQLException unreadable(String what, Exception cause) {
    return failure(SQLiteErrorCode.SQLITE_IOERR, what, cause);
  }

  private static SQLException failure(
      SQLiteErrorCode code, String what, @Nullable Exception cause) {
    SQLException failure = new SQLiteException(what, code);
    failure.initCause(cause);
    return failure;
  }
}
