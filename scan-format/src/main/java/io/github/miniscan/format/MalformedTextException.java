package io.github.miniscan.format;

import org.jspecify.annotations.Nullable;

/** A text that is not what is read. Its message names the line and says what is wrong with it. */
public final class MalformedTextException extends Exception {

  private static final long serialVersionUID = 1L;

  private final long line;
  private final boolean atEnd;

  /** Creates the exception for a line, which may be followed by others. */
  MalformedTextException(long line, String reason) {
    this(line, reason, null, false);
  }

  private MalformedTextException(long line, String reason, @Nullable Throwable cause, boolean end) {
    super("line " + line + ": " + reason, cause);
    this.line = line;
    this.atEnd = end;
  }

  /** Creates the exception after which nothing more can be read. */
  static MalformedTextException last(long line, String reason, @Nullable Throwable cause) {
    return new MalformedTextException(line, reason, cause, true);
  }

  /** Returns the number of the line in which the value begins; the first one is 1. */
  public long line() {
    return line;
  }

  /** Returns whether nothing more can be read. */
  public boolean isLast() {
    return atEnd;
  }
}
