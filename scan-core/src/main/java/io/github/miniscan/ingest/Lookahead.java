package io.github.miniscan.ingest;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of the next batch, decoded while the one before is written: in the JVM's common
 * pool or, when that has not come to it, by whoever takes it. For the engine's thread alone.
 */
final class Lookahead<R> {

  private final Function<List<Delivery>, List<Verdict<R>>> decode;
  private List<Delivery> deliveries = List.of();
  private @Nullable ForkJoinTask<List<Verdict<R>>> verdicts;

  Lookahead(Function<List<Delivery>, List<Verdict<R>>> decode) {
    this.decode = decode;
  }

  /** Returns at once. To be called when nothing is ahead. */
  void begin(List<Delivery> arrived) {
    if (!arrived.isEmpty()) {
      deliveries = arrived;
      verdicts = ForkJoinPool.commonPool().submit(() -> decode.apply(arrived));
    }
  }

  /** What is ahead. */
  List<Delivery> deliveries() {
    return deliveries;
  }

  /** The verdicts on what is ahead, in its order; from now on nothing is. */
  List<Verdict<R>> take() {
    ForkJoinTask<List<Verdict<R>>> taken = verdicts;
    deliveries = List.of();
    verdicts = null;
    return taken == null ? List.of() : taken.join();
  }

  /** Hands back what is ahead. */
  void handBack() {
    deliveries.forEach(Delivery::nack);
    deliveries = List.of();
    verdicts = null;
  }
}
