package io.github.miniscan.testkit;

import io.github.miniscan.store.InMemoryScanStore;
import io.github.miniscan.store.ScanStore;

class InMemoryScanStoreTest implements ScanStoreContract {

  @Override
  public ScanStore open() {
    return new InMemoryScanStore();
  }

  /** It lives and dies with its object. */
  @Override
  public ScanStore openBeside(ScanStore opened) {
    return opened;
  }
}
