package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.OnePerKey;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.store.WriteResult;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store of records and dead letters in one SQLite file.
 *
 * <p><b>Durable:</b> the records and dead letters of a call survive a crash and the loss of power
 * once it returns. A batch is one transaction, synced when it is committed (WAL with {@code
 * synchronous=FULL}, and {@code fullfsync} on macOS). <b>Bounded:</b> a write waits no longer for
 * another program's lock than {@link SqliteOptions#lockWait}, and reads block no writer. <b>It
 * recovers:</b> a call that fails throws a {@link StoreException} with a sentence that names the
 * file and says what to do. The next call starts from a fresh connection.
 *
 * <p><b>Closed:</b> after {@link #close()}, every method except {@code close} throws an {@link
 * UnusableStoreException}, and so does a stream that was opened before, with its next page. An
 * engine that writes to a closed store, or to one that is open for reading only, ends: it does not
 * retry. So close the store after the engine has returned.
 *
 * <p><b>Copies:</b> while the store is in use, copy it with {@code VACUUM INTO} or with {@code
 * .backup} of the sqlite3 program, never file by file. Before a copy is put in the place of the
 * file, stop every program that uses it, and remove the file's {@code -wal} and {@code -shm}.
 *
 * <p>Several stores, in this process and in others of the same machine, may have one file open at
 * once; never over a network file system. Safe for use by several threads, of which one writes at a
 * time. A file of another program, of a newer version of this one, or a damaged one is refused and
 * left as it is.
 */
public final class SqliteScanStore implements ScanStore {

  /** The most dead letters, and bytes of them, that one transaction removes. */
  private static final int MAX_REMOVED = 1_000;

  private static final long MAX_REMOVED_BYTES = 16L << 20;

  private final DatabaseFile file;
  private final Schema schema;
  private final SqliteOptions options;
  private final Access access;
  private final Readers readers;
  private final Object writing = new Object();
  private @Nullable WriteConnection writer;
  private volatile boolean closed;

  private enum Access {
    CREATE,
    WRITE,
    READ
  }

  private SqliteScanStore(Path path, SqliteOptions options, Schema schema, Access access) {
    this.file = new DatabaseFile(path);
    this.schema = schema;
    this.options = options;
    this.access = access;
    this.readers = new Readers(file, schema, options.lockWait());
  }

  /** Opens the store with the default options; see {@link #open(Path, SqliteOptions)}. */
  public static SqliteScanStore open(Path path) {
    return open(path, SqliteOptions.defaults());
  }

  /**
   * Opens the store for writing and reading. Makes the file when there is none, and migrates one
   * that an earlier version has made; both are safe while others do the same.
   *
   * @throws UnusableStoreException when a newer version of this program has written the file
   * @throws StoreException when the file cannot be used; after {@link SqliteOptions#openWithin}
   *     when it is locked
   */
  public static SqliteScanStore open(Path path, SqliteOptions options) {
    return open(path, options, Schema.CURRENT);
  }

  static SqliteScanStore open(Path path, SqliteOptions options, Schema schema) {
    return new SqliteScanStore(path, options, schema, Access.CREATE).opened();
  }

  /**
   * Opens an existing store for writing and reading, and migrates one that an earlier version has
   * made; makes no file where there is none, neither now nor later.
   *
   * @throws UnusableStoreException when a newer version of this program has written the file
   * @throws StoreException when there is no store, or the file cannot be used; after {@link
   *     SqliteOptions#openWithin} when it is locked
   */
  public static SqliteScanStore openExisting(Path path, SqliteOptions options) {
    return new SqliteScanStore(path, options, Schema.CURRENT, Access.WRITE).opened();
  }

  /**
   * Opens an existing store for reading with the default options; see {@link #openReadOnly(Path,
   * SqliteOptions)}.
   */
  public static SqliteScanStore openReadOnly(Path path) {
    return openReadOnly(path, SqliteOptions.defaults());
  }

  /**
   * Opens an existing store for reading. It needs no permission to write the file or its directory,
   * makes no file where there is none, and leaves the file as it is. Every method that would change
   * something throws an {@link UnusableStoreException}.
   *
   * @throws UnusableStoreException when a newer version of this program has written the file
   * @throws StoreException when there is no store, or it cannot be read; after {@link
   *     SqliteOptions#openWithin} when it is locked
   */
  public static SqliteScanStore openReadOnly(Path path, SqliteOptions options) {
    return new SqliteScanStore(path, options, Schema.CURRENT, Access.READ).opened();
  }

  private SqliteScanStore opened() {
    if (access == Access.READ) {
      readers.probe(options.openWithin());
    } else {
      writer = openWriter(options.openWithin());
    }
    return this;
  }

  private WriteConnection openWriter(Duration within) {
    return WriteConnection.open(file, schema, options, within, access == Access.CREATE);
  }

  @Override
  public WriteResult write(Batch<ScanRecord> batch) {
    checkWritable();
    if (batch.isEmpty()) {
      return WriteResult.of(0, 0);
    }
    List<ScanRecord> rows = OnePerKey.fold(batch.records());
    int stored =
        transaction(
            statements -> {
              int changed = upsert(statements, rows);
              DeadLetterTable.keep(statements, batch.deadLetters());
              DeadLetterTable.remove(statements, batch.replayed());
              return changed;
            });
    return WriteResult.of(stored, batch.records().size() - stored);
  }

  private int upsert(Statements statements, List<ScanRecord> rows) throws SQLException {
    try {
      return ScanTable.upsert(statements, rows);
    } catch (SQLException e) {
      if (Failures.isRefusal(e)) {
        throw new RecordRefusedException(file.sentences().refused(e), e);
      }
      throw e;
    }
  }

  @Override
  public void updateReason(String id, Reason reason, String detail) {
    transaction(
        statements -> {
          DeadLetterTable.updateReason(statements, id, reason, detail);
          return id;
        });
  }

  /** Removes the dead letters in bounded transactions, so that other writers come in between. */
  @Override
  public long removeDeadLetters(DeadLetterQuery query) {
    checkWritable();
    long removed = 0;
    try (Stream<DeadLetter> letters = findDeadLetters(query)) {
      Iterator<DeadLetter> rest = letters.iterator();
      while (rest.hasNext()) {
        List<String> ids = nextIds(rest);
        removed += transaction(statements -> DeadLetterTable.remove(statements, ids));
      }
    }
    return removed;
  }

  private static List<String> nextIds(Iterator<DeadLetter> letters) {
    List<String> ids = new ArrayList<>();
    for (long bytes = 0; letters.hasNext() && ids.size() < MAX_REMOVED; ) {
      DeadLetter letter = letters.next();
      ids.add(letter.id());
      bytes += DeadLetterTable.sizeOf(letter);
      if (bytes >= MAX_REMOVED_BYTES) {
        break;
      }
    }
    return ids;
  }

  private void checkWritable() {
    if (closed) {
      throw file.sentences().closed();
    }
    if (access == Access.READ) {
      throw file.sentences().readOnly();
    }
  }

  private <T> T transaction(Transaction<T> work) {
    synchronized (writing) {
      checkWritable();
      boolean well = false;
      try {
        WriteConnection connection = writer();
        T result = connection.transaction(work);
        connection.boundWal();
        well = true;
        return result;
      } catch (SQLException e) {
        throw file.sentences().of(e);
      } finally {
        if (!well) {
          discardWriter();
          readers.renew();
        }
      }
    }
  }

  private WriteConnection writer() {
    if (writer == null) {
      writer = openWriter(options.lockWait());
    }
    return writer;
  }

  /** Closes a connection that has failed, which also rolls back: it is not trusted again. */
  private void discardWriter() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  @Override
  public Stream<ScanRecord> find(ScanQuery query) {
    readers.checkOpen();
    return query.answer(PagedStream.stream(readers, ScanTable.pages(query)));
  }

  @Override
  public Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
    readers.checkOpen();
    return PagedStream.stream(readers, DeadLetterTable.pages(query))
        .filter(query::matches)
        .limit(query.limit());
  }

  @Override
  public void close() {
    readers.close();
    synchronized (writing) {
      closed = true;
      discardWriter();
    }
  }
}
