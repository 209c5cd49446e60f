package io.github.miniscan.testkit;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.StoreLocation;
import io.github.miniscan.store.UnusableStoreException;
import io.github.miniscan.store.WriteResult;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A store in a server that restarts, that can be opened for reading only, and that refuses records:
 * every contract in one class.
 */
class ServedStoreTest
    implements ScanStoreContract,
        ReopeningContract,
        ReadOnlyContract,
        RefusingContract,
        StoreLocationContract {

  private static final ScanRecord REFUSED =
      Scans.scan(Scans.key("6.6.6.6", 6, "SIX"), 6, "too much");

  private final ScanStore server = new InMemoryScanStore();
  private final AtomicInteger restarts = new AtomicInteger();
  private final AtomicBoolean created = new AtomicBoolean();

  @Override
  public ScanStore open() {
    return new Client(false);
  }

  @Override
  public ScanStore openReadOnly() {
    return new Client(true);
  }

  @Override
  public void restart() {
    restarts.incrementAndGet();
  }

  @Override
  public ScanRecord refused() {
    return REFUSED;
  }

  @Override
  public StoreLocation location() {
    return new Location();
  }

  private final class Location implements StoreLocation {

    @Override
    public ScanStore openOrCreate(Duration longestWait) {
      created.set(true);
      return new Client(false);
    }

    @Override
    public ScanStore openExisting(Duration longestWait) {
      requireCreated();
      return new Client(false);
    }

    @Override
    public ScanStore openReadOnly(Duration longestWait) {
      requireCreated();
      return new Client(true);
    }

    private void requireCreated() {
      if (!created.get()) {
        throw new StoreException("no store in " + this);
      }
    }

    @Override
    public String toString() {
      return "memory:served";
    }
  }

  private final class Client extends ForwardingStore {
    private final boolean readOnly;
    private final AtomicInteger connected = new AtomicInteger(restarts.get());
    private volatile boolean closed;

    Client(boolean readOnly) {
      super(server);
      this.readOnly = readOnly;
    }

    private void beforeReading() {
      if (closed) {
        throw new UnusableStoreException("the store is closed");
      }
      int present = restarts.get();
      if (connected.getAndSet(present) != present) {
        throw new StoreException("the connection is lost");
      }
    }

    private void beforeChanging() {
      if (readOnly) {
        throw new UnusableStoreException("the store is open for reading only");
      }
      beforeReading();
    }

    @Override
    public WriteResult write(Batch<ScanRecord> batch) {
      beforeChanging();
      if (batch.records().stream().anyMatch(decoded -> decoded.record().equals(REFUSED))) {
        throw new RecordRefusedException("too much", new IllegalStateException());
      }
      return super.write(batch);
    }

    @Override
    public Stream<ScanRecord> find(ScanQuery query) {
      beforeReading();
      return super.find(query);
    }

    @Override
    public Stream<DeadLetter> findDeadLetters(DeadLetterQuery query) {
      beforeReading();
      return super.findDeadLetters(query);
    }

    @Override
    public void updateReason(String id, Reason reason, String detail) {
      beforeChanging();
      super.updateReason(id, reason, detail);
    }

    @Override
    public long removeDeadLetters(DeadLetterQuery query) {
      beforeChanging();
      return super.removeDeadLetters(query);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
