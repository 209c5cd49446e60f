package io.github.miniscan;

/**
 * Why a message became a dead letter instead of a record, in order of precedence: of several
 * reasons, the first in this list is given.
 */
public enum Reason {
  /** Not one JSON object (RFC 8259) in strict UTF-8, or a known field is given twice. */
  MALFORMED_JSON,
  /**
   * A field is absent or null. An absent {@code data_version} comes before {@link
   * #UNSUPPORTED_DATA_VERSION}; any other after it, since the version says what the rest must be.
   */
  MISSING_FIELD,
  /** {@code data_version} is not one that is known. */
  UNSUPPORTED_DATA_VERSION,
  /** {@code ip} is not a literal address. */
  INVALID_IP,
  /** {@code port} is not an integer from 0 to 65535. */
  INVALID_PORT,
  /** {@code service} is not a service name; see {@link ScanKey}. */
  INVALID_SERVICE,
  /** {@code timestamp} is not an integer from 0 to 2^63-1. */
  INVALID_TIMESTAMP,
  /** {@code timestamp} is further after the publish time than the allowed skew. */
  FUTURE_TIMESTAMP,
  /** {@code data} does not hold what the version asks for. */
  INVALID_DATA,
  /** The store refused this very record. */
  STORE_REJECTED,
  /** Decoding failed in a way that nobody foresaw. */
  INTERNAL_ERROR
}
