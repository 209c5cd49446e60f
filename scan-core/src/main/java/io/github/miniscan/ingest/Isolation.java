package io.github.miniscan.ingest;

import io.github.miniscan.store.RecordRefusedException;
import java.util.List;

/** Finds the records that a store refuses: writes a part in halves until each of them is alone. */
final class Isolation {

  private Isolation() {}

  /** Writes some of the items in one piece. */
  @FunctionalInterface
  interface Write<T, E extends Exception> {
    void write(List<T> part) throws E;
  }

  /** Receives an item that the store refuses even alone. */
  @FunctionalInterface
  interface Refused<T> {
    void refused(T item, RecordRefusedException refusal);
  }

  /** Writes all items but those that are refused. */
  static <T, E extends Exception> void write(List<T> items, Write<T, E> write, Refused<T> refused)
      throws E {
    try {
      write.write(items);
    } catch (RecordRefusedException e) {
      if (items.size() == 1) {
        refused.refused(items.get(0), e);
        return;
      }
      int middle = items.size() / 2;
      write(items.subList(0, middle), write, refused);
      write(items.subList(middle, items.size()), write, refused);
    }
  }
}
