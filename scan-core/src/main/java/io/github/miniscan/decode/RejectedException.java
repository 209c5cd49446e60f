package io.github.miniscan.decode;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A message cannot become a record. This is an outcome, not a failure: it has no stack trace. */
public final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private transient @Nullable Supplier<String> telling;
  private @Nullable String detail;

  /**
   * Creates a rejection.
   *
   * @param reason why
   * @param detail the reason in a sentence that names the field and the value; strangers' text in
   *     it must have gone through {@link io.github.miniscan.VisibleText}
   */
  public RejectedException(Reason reason, String detail) {
    super(null, null, false, false);
    this.reason = requireNonNull(reason, "reason");
    this.detail = requireNonNull(detail, "detail");
  }

  /**
   * Builds the detail when it is first asked for, which keeps string building out of the hot path.
   */
  RejectedException(Reason reason, Supplier<String> detail) {
    super(null, null, false, false);
    this.reason = reason;
    this.telling = detail;
  }

  /** Returns the reason. */
  public Reason reason() {
    return reason;
  }

  /** Returns the reason in a sentence. */
  public String detail() {
    if (telling != null) {
      detail = telling.get();
      telling = null;
    }
    return String.valueOf(detail);
  }

  @Override
  public String getMessage() {
    return detail();
  }
}
