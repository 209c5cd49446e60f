package io.github.miniscan.testkit;

import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanStore;

class InMemoryScanStoreTest implements ScanStoreContract {

  private final InMemoryScanStore store = new InMemoryScanStore();

  @Override
  public ScanStore open() {
    return store;
  }
}
