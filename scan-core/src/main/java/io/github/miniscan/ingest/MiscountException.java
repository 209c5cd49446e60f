package io.github.miniscan.ingest;

/** A batch writer whose counts do not add up: a defect of the writer, so retrying will not help. */
final class MiscountException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  MiscountException(String message) {
    super(message);
  }
}
