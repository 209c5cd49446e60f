package io.github.miniscan.cli.options;

import io.github.miniscan.OperatorException;

/** A mistake that the user can correct; its message is all that is shown. */
public final class UserException extends OperatorException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with the sentence that is shown. */
  public UserException(String message) {
    super(message);
  }

  /** Creates the exception with the sentence that is shown, and its cause. */
  public UserException(String message, Throwable cause) {
    super(message, cause);
  }
}
