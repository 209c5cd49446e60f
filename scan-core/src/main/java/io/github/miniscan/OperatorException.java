package io.github.miniscan;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a person can do something about. Its message is one sentence that names the thing,
 * its value, and what to do, so that a program can show the message alone, without a stack trace.
 *
 * <p>Strangers' text in the message has gone through {@link VisibleText}.
 */
public abstract class OperatorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception with a sentence for the operator.
   *
   * @param sentence what happened, to what, and what to do
   */
  protected OperatorException(String sentence) {
    super(sentence);
  }

  /**
   * Creates the exception with a sentence for the operator and its cause.
   *
   * @param sentence what happened, to what, and what to do
   * @param cause the failure underneath; null where there is none
   */
  protected OperatorException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }

  /** Returns the sentence for the operator. */
  public final String sentence() {
    return String.valueOf(getMessage());
  }
}
