package io.github.miniscan.cli;

import io.github.miniscan.OperatorException;

/** Something that the user can mend; the message is all that is shown. */
final class UserException extends OperatorException {

  private static final long serialVersionUID = 1L;

  UserException(String message) {
    super(message);
  }

  UserException(String message, Throwable cause) {
    super(message, cause);
  }
}
