package io.github.miniscan.decode;

import io.github.miniscan.Reason;

/**
 * A message can not become a record: not an accident but a verdict, so it carries no stack trace.
 */
public final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /**
   * @param reason why
   * @param detail the reason in a sentence that names the field and the value; strangers' text in
   *     it must have gone through {@link io.github.miniscan.VisibleText}
   */
  public RejectedException(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** The reason in a sentence. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
