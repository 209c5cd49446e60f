package io.github.miniscan.sqlite;

import io.github.miniscan.VisibleText;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** The sentences about one file: each names the file, and says what happened and what to do. */
final class Sentences {

  private final Path path;
  private final String name;

  /**
   * Creates the sentences for a file.
   *
   * @param path the file, free of symbolic links
   * @param name the file as its user named it
   */
  Sentences(Path path, Path name) {
    this.path = path;
    this.name = VisibleText.of(name.toString());
  }

  StoreException foreign() {
    return new StoreException(
        name + " is a SQLite file of another program: it was left alone; name another file");
  }

  /** Returns the refusal of a file that has our tables and does not say that it is ours. */
  StoreException unmarked(int version) {
    return new StoreException(
        name
            + " seems to be a copy of a store that was made by .dump or .clone, which lose the marks"
            + " of the file: to use it, run sqlite3 "
            + name
            + " \"PRAGMA application_id = "
            + Schema.APPLICATION_ID
            + "; PRAGMA user_version = "
            + version
            + "\"");
  }

  UnusableStoreException newer(int version, int known) {
    return new UnusableStoreException(
        name
            + " was written by a newer version of this program (format "
            + version
            + ", this one knows "
            + known
            + "): upgrade this program, or name another file");
  }

  StoreException missing() {
    return new StoreException(
        "no store at " + name + ": name an existing file, or create it by opening it for writing");
  }

  StoreException noFile() {
    return new StoreException(name + " is a pipe or a device: name a file");
  }

  StoreException empty() {
    return new StoreException("no store at " + name + ": the file is empty until something writes");
  }

  UnusableStoreException readOnly() {
    return new UnusableStoreException(name + " was opened for reading only: open it for writing");
  }

  UnusableStoreException closed() {
    return new UnusableStoreException(name + " is closed: open it again");
  }

  StoreException moved() {
    return new StoreException(
        name
            + " was removed or replaced while it was open: the next try uses the file that is there"
            + " then; do not move a store that is in use");
  }

  StoreException removedBeside(String leftover, Exception cause) {
    return new StoreException(
        name + " was removed while it was open: remove " + name + leftover + " as well", cause);
  }

  StoreException replacedBesideLog() {
    return new StoreException(
        name
            + " was replaced while it was open, and "
            + name
            + "-wal still belongs to the file before: "
            + withoutLog()
            + ", and start again");
  }

  StoreException logOfAnotherFile() {
    return new StoreException(
        name
            + "-wal belongs to another file than "
            + name
            + ", which seems to be a copy that was put in its place: "
            + withoutLog()
            + ", and start again");
  }

  private String withoutLog() {
    return "stop every program that uses it, remove " + name + "-wal and " + name + "-shm";
  }

  StoreException noWal(String mode) {
    return new StoreException(
        name
            + " cannot use a write-ahead log (its journal mode stays "
            + mode
            + "): move it to a local disk");
  }

  StoreException changed() {
    return new StoreException(name + " was written while it was read without locks: read it again");
  }

  String refused(SQLException failure) {
    return name + " refuses a record: " + detail(failure);
  }

  /** Returns the failure as a sentence. */
  StoreException of(SQLException failure) {
    return new StoreException(explain(failure), failure);
  }

  private String explain(SQLException failure) {
    if (Files.isDirectory(path)) {
      return name + " is a directory: name a file in it";
    }
    return switch (Failures.primaryCode(failure)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          name + " is locked by another program: wait for it, or end it";
      case SQLITE_FULL -> "no room left on the disk of " + name + ": make room there";
      case SQLITE_CORRUPT ->
          name
              + " is damaged: "
              + withoutLog()
              + ", then put a copy in its place; to save what can be read before, use .recover of"
              + " the sqlite3 from sqlite.org (that of Debian 12 cannot)";
      case SQLITE_NOTADB -> name + " is not a SQLite file: it was left alone; name another file";
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH -> explainNoAccess();
      case SQLITE_IOERR ->
          name + " cannot be read or written (" + detail(failure) + "): look at its disk";
      default -> name + " cannot be used: " + detail(failure);
    };
  }

  private String explainNoAccess() {
    Path parent = path.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      return "no directory for the store " + name + ": create " + VisibleText.of(parent.toString());
    }
    if (Files.notExists(path)) {
      return name + " cannot be created: allow this user to write its directory";
    }
    if (!Files.isReadable(path)) {
      return name + " cannot be read: allow this user to read it";
    }
    return name + " cannot be written: allow this user to write the file and its directory";
  }

  private static String detail(SQLException failure) {
    return VisibleText.of(String.valueOf(failure.getMessage()));
  }

  @Override
  public String toString() {
    return name;
  }
}
