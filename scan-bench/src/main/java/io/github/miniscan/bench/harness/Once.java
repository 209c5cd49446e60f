package io.github.miniscan.bench.harness;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes something when it is first wanted, and keeps it. For one thread. */
final class Once<T> implements Supplier<T> {

  private final Supplier<T> making;
  private @Nullable T made;

  Once(Supplier<T> making) {
    this.making = making;
  }

  @Override
  public T get() {
    T known = made;
    if (known == null) {
      known = making.get();
      made = known;
    }
    return known;
  }
}
