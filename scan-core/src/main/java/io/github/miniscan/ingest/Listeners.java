package io.github.miniscan.ingest;

import io.github.miniscan.DeadLetter;
import java.util.List;
import java.util.function.Consumer;

/** Several listeners as one; each is told in order. */
final class Listeners implements IngestListener {

  private final List<IngestListener> all;

  Listeners(List<IngestListener> all) {
    this.all = List.copyOf(all);
  }

  private void each(Consumer<IngestListener> tell) {
    all.forEach(tell);
  }

  @Override
  public void batchSettled(BatchSettled event) {
    each(listener -> listener.batchSettled(event));
  }

  @Override
  public void rejected(DeadLetter kept) {
    each(listener -> listener.rejected(kept));
  }

  @Override
  public void storeDown(StoreDown event) {
    each(listener -> listener.storeDown(event));
  }

  @Override
  public void storeUp(StoreUp event) {
    each(listener -> listener.storeUp(event));
  }

  @Override
  public void handedBack(HandedBack event) {
    each(listener -> listener.handedBack(event));
  }
}
