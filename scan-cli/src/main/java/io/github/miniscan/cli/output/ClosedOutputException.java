package io.github.miniscan.cli.output;

import java.io.IOException;

/** Nobody reads standard output any more, as after {@code | head}: a quiet end, not a failure. */
public final class ClosedOutputException extends IOException {

  private static final long serialVersionUID = 1L;

  ClosedOutputException() {
    super("standard output is closed");
  }
}
