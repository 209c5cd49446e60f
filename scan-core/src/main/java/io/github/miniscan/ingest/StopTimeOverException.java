package io.github.miniscan.ingest;

/**
 * The store stayed down until the stop time: what is in hand goes back. Never leaves the engine.
 */
final class StopTimeOverException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  StopTimeOverException() {
    super(null, null, false, false);
  }
}
