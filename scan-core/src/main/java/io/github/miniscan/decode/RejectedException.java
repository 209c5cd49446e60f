package io.github.miniscan.decode;

import io.github.miniscan.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A message can not become a record: not an accident but a verdict, so it carries no stack trace.
 */
public final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private transient @Nullable Supplier<String> telling;
  private @Nullable String detail;

  /**
   * @param reason why
   * @param detail the reason in a sentence that names the field and the value; strangers' text in
   *     it must have gone through {@link io.github.miniscan.VisibleText}
   */
  public RejectedException(Reason reason, String detail) {
    super(null, null, false, false);
    this.reason = reason;
    this.detail = detail;
  }

  /**
   * As above, for a decoder that is to be quick where it rejects nothing: what only makes sentences
   * stays out of the code that the JVM compiles for it.
   *
   * @param detail makes the sentence when it is asked for first, once
   */
  public RejectedException(Reason reason, Supplier<String> detail) {
    super(null, null, false, false);
    this.reason = reason;
    this.telling = detail;
  }

  public Reason reason() {
    return reason;
  }

  /** The reason in a sentence. */
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
