package io.github.miniscan.bench.harness;

/** Why nothing can be measured, in a sentence. */
public final class HarnessException extends RuntimeException {

  private static final long serialVersionUID = 1;

  HarnessException(String message) {
    super(message);
  }

  HarnessException(String message, Throwable cause) {
    super(message, cause);
  }
}
