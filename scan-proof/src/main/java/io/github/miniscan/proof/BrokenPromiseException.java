package io.github.miniscan.proof;

/** A promise did not hold. The message says which, what was seen, and what was to be seen. */
public final class BrokenPromiseException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What was seen in the place of what was promised. */
  public BrokenPromiseException(String message) {
    super(message);
  }

  /** What was seen in the place of what was promised, and what it came from. */
  public BrokenPromiseException(String message, Throwable cause) {
    super(message, cause);
  }
}
