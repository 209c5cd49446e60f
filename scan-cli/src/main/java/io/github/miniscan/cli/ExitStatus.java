package io.github.miniscan.cli;

/** How a command ends. */
final class ExitStatus {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
  static final int GAVE_UP = 3;

  /** The first of the statuses that tell which signal ended a process. */
  static final int SIGNALLED = 128;

  private ExitStatus() {}
}
