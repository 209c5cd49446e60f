package io.github.miniscan.cli.output;

/** How a command ends. */
public final class ExitStatus {

  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_USAGE = 2;
  public static final int GAVE_UP = 3;

  /** The first of the statuses that tell which signal ended a process. */
  public static final int SIGNALLED = 128;

  private ExitStatus() {}
}
