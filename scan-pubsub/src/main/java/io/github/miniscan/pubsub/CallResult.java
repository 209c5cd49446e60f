package io.github.miniscan.pubsub;

import com.google.api.core.ApiFuture;
import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import java.util.function.Consumer;

/** Handles the result of a call, or its failure. */
final class CallResult<T> implements ApiFutureCallback<T> {

  private final Consumer<T> success;
  private final Consumer<Throwable> failure;
  private final Consumer<Throwable> broken;

  private CallResult(Consumer<T> success, Consumer<Throwable> failure, Consumer<Throwable> broken) {
    this.success = success;
    this.failure = failure;
    this.broken = broken;
  }

  /**
   * Handles the result of a call once it is there, on a thread of the channel.
   *
   * @param broken told what {@code success} or {@code failure} throw, which would vanish otherwise
   */
  static <T> void of(
      ApiFuture<T> call,
      Consumer<T> success,
      Consumer<Throwable> failure,
      Consumer<Throwable> broken) {
    ApiFutures.addCallback(call, new CallResult<>(success, failure, broken), Runnable::run);
  }

  @Override
  public void onSuccess(T result) {
    guarded(() -> success.accept(result));
  }

  @Override
  public void onFailure(Throwable t) {
    guarded(() -> failure.accept(t));
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable t) {
      broken.accept(t);
    }
  }
}
