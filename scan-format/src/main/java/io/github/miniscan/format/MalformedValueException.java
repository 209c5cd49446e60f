package io.github.miniscan.format;

/** Members or fields that make no value; who reads them knows the line. */
final class MalformedValueException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedValueException(String reason) {
    super(reason);
  }
}
