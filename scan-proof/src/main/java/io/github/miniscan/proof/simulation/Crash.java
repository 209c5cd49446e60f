package io.github.miniscan.proof.simulation;

/**
 * The process ends here and now, as with {@code kill -9}. Of the kind that not even a decoder's
 * errors are contained with.
 */
final class Crash extends VirtualMachineError {

  private static final long serialVersionUID = 1;

  /** Many are thrown, and none is looked at. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
