package io.github.miniscan.proof.concurrency;

import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.ScanStore;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a writer or reader comes by its store: one of its own, opened anew now and then, or one that
 * all share.
 */
interface Stores {

  /** The store for the next few calls. */
  ScanStore take();

  /** When those are done. */
  void giveBack(ScanStore store);

  /** Opens one for each few calls, with the options that programs have. */
  static Stores own(Path path, boolean readOnly) {
    return of(
        () -> readOnly ? SqliteScanStore.openReadOnly(path) : SqliteScanStore.open(path), null);
  }

  /** One for everybody. */
  static Stores shared(ScanStore store) {
    return of(() -> store, store);
  }

  private static Stores of(Supplier<ScanStore> opening, @Nullable ScanStore shared) {
    return new Stores() {
      @Override
      public ScanStore take() {
        return opening.get();
      }

      @Override
      public void giveBack(ScanStore store) {
        if (store != shared) {
          store.close();
        }
      }
    };
  }
}
