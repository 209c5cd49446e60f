package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.OnePerKey;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.WriteResult;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records and dead letters in one SQLite file.
 *
 * <p><b>Durable:</b> what a call wrote survives a crash and the loss of power once it returns: a
 * batch, its dead letters included, is one transaction, synced when it is committed (WAL with
 * {@code synchronous=FULL}, and {@code fullfsync} on macOS). <b>Bounded:</b> a write waits no
 * longer for another program's lock than {@link SqliteOptions#lockWait}, and reads hold up nobody.
 * <b>It recovers:</b> a call that fails throws a {@link StoreException} with a sentence that names
 * the file and says what to do, and the next call starts from a fresh connection.
 *
 * <p>Several stores, in this process and in others of the same machine, may have one file open at
 * once; never over a network file system. Safe for use by several threads, of which one writes at a
 * time. A file of another program, of a newer version of this one, or a damaged one is refused and
 * left alone.
 */
public final class SqliteScanStore implements ScanStore {

  private final DatabaseFile file;
  private final Schema schema;
  private final SqliteOptions options;
  private final boolean readOnly;
  private final Readers readers;
  private final Object writing = new Object();
  private @Nullable WriteConnection writer;
  private boolean closed;

  private SqliteScanStore(Path path, SqliteOptions options, Schema schema, boolean readOnly) {
    this.file = new DatabaseFile(path);
    this.schema = schema;
    this.options = options;
    this.readOnly = readOnly;
    this.readers = new Readers(file, schema, options.lockWait());
  }

  /** As {@link #open(Path, SqliteOptions)}, with the defaults. */
  public static SqliteScanStore open(Path path) {
    return open(path, SqliteOptions.defaults());
  }

  /**
   * Opens the store for writing and reading. Makes the file when there is none, and migrates one
   * that an earlier version has made; both are safe while others do the same.
   *
   * @throws NewerFileException when a newer version of this program has written the file
   * @throws StoreException when the file can not be used; after {@link SqliteOptions#openWithin}
   *     when it is locked
   */
  public static SqliteScanStore open(Path path, SqliteOptions options) {
    return open(path, options, Schema.CURRENT);
  }

  static SqliteScanStore open(Path path, SqliteOptions options, Schema schema) {
    SqliteScanStore store = new SqliteScanStore(path, options, schema, false);
    store.writer = WriteConnection.open(store.file, schema, options, options.openWithin());
    return store;
  }

  /** As {@link #openReadOnly(Path, SqliteOptions)}, with the defaults. */
  public static SqliteScanStore openReadOnly(Path path) {
    return openReadOnly(path, SqliteOptions.defaults());
  }

  /**
   * Opens an existing store for reading. It needs no permission to write the file or its directory,
   * makes no file where there is none, and leaves what it reads as it is; every method that would
   * change something throws.
   *
   * @throws NewerFileException when a newer version of this program has written the file
   * @throws StoreException when there is no store, or it can not be read
   */
  public static SqliteScanStore openReadOnly(Path path, SqliteOptions options) {
    SqliteScanStore store = new SqliteScanStore(path, options, Schema.CURRENT, true);
    store.readers.probe();
    return store;
  }

  @Override
  public WriteResult write(Batch<ScanRecord> batch) {
    List<ScanRecord> rows = OnePerKey.fold(batch.records());
    if (rows.isEmpty() && batch.deadLetters().isEmpty() && batch.replayed().isEmpty()) {
      return WriteResult.of(0, 0);
    }
    int stored =
        transaction(
            connection -> {
              int changed = connection.upsert(rows);
              connection.keepLetters(batch.deadLetters());
              connection.removeLetters(batch.replayed());
              return changed;
            });
    return WriteResult.of(stored, batch.records().size() - stored);
  }

  @Override
  public void updateReason(String id, Reason reason, String detail) {
    transaction(
        connection -> {
          connection.updateReason(id, reason, detail);
          return id;
        });
  }

  @Override
  public long removeDeadLetters(DeadLetterQuery query) {
    List<String> ids;
    try (Stream<DeadLetter> letters = findDeadLetters(query)) {
      ids = letters.map(DeadLetter::id).toList();
    }
    return transaction(connection -> connection.removeLetters(ids));
  }

  private <T> T transaction(WriteConnection.Work<T> work) {
    if (readOnly) {
      throw file.readOnly();
    }
    synchronized (writing) {
      if (closed) {
        throw new IllegalStateException(file + " is closed");
      }
      boolean well = false;
      try {
        WriteConnection connection = writer();
        T result = connection.transaction(work);
        connection.boundWal();
        well = true;
        return result;
      } catch (SQLException e) {
        throw file.sentence(e);
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
      writer = WriteConnection.open(file, schema, options, options.lockWait());
    }
    return writer;
  }

  /** A connection that has failed once is not trusted again; closing it also rolls back. */
  private void discardWriter() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }

  @Override
  public Stream<ScanRecord> find(ScanQuery query) {
    return query.answer(Pages.stream(readers, ScanTable.pages()));
  }

  @Override
  public Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
    return Pages.stream(readers, DeadLetterTable.pages())
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
