package io.github.miniscan;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The reason why a message became a dead letter instead of a record, as a stable code.
 *
 * <p>The set is open: another record type has reasons of its own. The constants are those of scans;
 * of several that apply, the first in {@link #OF_SCANS} is given.
 *
 * @param code 1 to 64 capital letters, digits and underscores, beginning with a letter
 */
public record Reason(String code) {

  // Before the constants, whose codes it checks.
  private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  /** Not one JSON object (RFC 8259) in strict UTF-8, or a known field is given twice. */
  public static final Reason MALFORMED_JSON = new Reason("MALFORMED_JSON");

  /**
   * A field is absent or null. An absent {@code data_version} comes before {@link
   * #UNSUPPORTED_DATA_VERSION}; any other after it, since the version says what the rest must be.
   */
  public static final Reason MISSING_FIELD = new Reason("MISSING_FIELD");

  /** {@code data_version} is not one that is known. */
  public static final Reason UNSUPPORTED_DATA_VERSION = new Reason("UNSUPPORTED_DATA_VERSION");

  /** {@code ip} is not a literal address. */
  public static final Reason INVALID_IP = new Reason("INVALID_IP");

  /** {@code port} is not an integer from 0 to 65535. */
  public static final Reason INVALID_PORT = new Reason("INVALID_PORT");

  /** {@code service} is not a service name; see {@link ScanKey}. */
  public static final Reason INVALID_SERVICE = new Reason("INVALID_SERVICE");

  /** {@code timestamp} is not an integer from 0 to 2^63-1. */
  public static final Reason INVALID_TIMESTAMP = new Reason("INVALID_TIMESTAMP");

  /** {@code timestamp} is further after the publish time than the allowed skew. */
  public static final Reason FUTURE_TIMESTAMP = new Reason("FUTURE_TIMESTAMP");

  /** {@code data} does not hold what the version asks for. */
  public static final Reason INVALID_DATA = new Reason("INVALID_DATA");

  /** The store refused this record. */
  public static final Reason STORE_REJECTED = new Reason("STORE_REJECTED");

  /** Decoding failed in an unforeseen way. */
  public static final Reason INTERNAL_ERROR = new Reason("INTERNAL_ERROR");

  /** The reasons of scans, in order of precedence. */
  public static final List<Reason> OF_SCANS =
      List.of(
          MALFORMED_JSON,
          MISSING_FIELD,
          UNSUPPORTED_DATA_VERSION,
          INVALID_IP,
          INVALID_PORT,
          INVALID_SERVICE,
          INVALID_TIMESTAMP,
          FUTURE_TIMESTAMP,
          INVALID_DATA,
          STORE_REJECTED,
          INTERNAL_ERROR);

  /**
   * Creates a reason.
   *
   * @throws IllegalArgumentException when the code has another form
   */
  public Reason {
    if (!CODE.matcher(code).matches()) {
      throw new IllegalArgumentException(
          "invalid reason: \""
              + VisibleText.shortened(code)
              + "\" (1 to 64 of A to Z, 0 to 9 and _, beginning with a letter)");
    }
  }

  /** Returns the code. */
  @Override
  public String toString() {
    return code;
  }
}
