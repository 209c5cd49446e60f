package io.github.miniscan.proof;

/** This machine lacks what a proof needs; the message says what, and how to get it. */
public final class UnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What is missing. */
  public UnavailableException(String message) {
    super(message);
  }
}
