package io.github.miniscan.cli.output;

import java.io.IOException;

/** Standard output takes nothing more; {@link StandardOutput} knows why. */
public final class OutputException extends IOException {

  private static final long serialVersionUID = 1L;

  OutputException() {
    super("standard output takes nothing more");
  }
}
