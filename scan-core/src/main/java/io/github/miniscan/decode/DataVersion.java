package io.github.miniscan.decode;

import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The formats of {@code data}: which of its fields carries the response, and how. */
enum DataVersion {
  /** Base64 (RFC 4648): standard alphabet, padding whole or absent. */
  V1(1, "response_bytes_utf8") {
    @Override
    Response response(byte[] value) throws RejectedException {
      try {
        return Response.wrap(Base64.getDecoder().decode(value));
      } catch (IllegalArgumentException e) {
        throw new RejectedException(
            Reason.INVALID_DATA, "data.response_bytes_utf8 is not base64 (RFC 4648)");
      }
    }
  },
  /** Text. */
  V2(2, "response_str") {
    @Override
    Response response(byte[] value) {
      return Response.wrap(value);
    }
  };

  private static final DataVersion[] ALL = values();

  /** The number of versions. */
  static final int COUNT = ALL.length;

  private final long number;
  private final String field;

  DataVersion(long number, String field) {
    this.number = number;
    this.field = field;
  }

  /** Returns the version with this number, or null. */
  static @Nullable DataVersion ofNumber(long number) {
    for (DataVersion version : ALL) {
      if (version.number == number) {
        return version;
      }
    }
    return null;
  }

  /** Returns the version whose response is in this field of {@code data}, or null. */
  static @Nullable DataVersion ofField(String field) {
    for (DataVersion version : ALL) {
      if (version.field.equals(field)) {
        return version;
      }
    }
    return null;
  }

  /** Returns the field of {@code data} that carries the response. */
  String field() {
    return field;
  }

  /**
   * Returns the response that the field's text stands for.
   *
   * @param value the text as UTF-8, which must not be changed afterwards
   */
  abstract Response response(byte[] value) throws RejectedException;
}
