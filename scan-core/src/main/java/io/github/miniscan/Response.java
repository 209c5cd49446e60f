package io.github.miniscan;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a service: bytes, of which text is a view.
 *
 * <p>Nothing is trimmed, folded or cut, and an empty response is a response. Responses compare as
 * unsigned bytes, a prefix before what it begins: the order of a SQLite BLOB.
 */
public final class Response implements Comparable<Response> {

  private final byte[] bytes;

  private Response(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns the response with a copy of these bytes. */
  public static Response ofBytes(byte[] bytes) {
    return new Response(bytes.clone());
  }

  /**
   * Returns the response with these very bytes, which must not be changed afterwards: for decoders
   * and stores that have just made the array.
   */
  public static Response wrap(byte[] bytes) {
    return new Response(bytes);
  }

  /** Returns the response with this text as UTF-8, in which a lone surrogate becomes U+FFFD. */
  public static Response ofText(String text) {
    return new Response(Utf8.encode(text));
  }

  /** Returns the number of bytes. */
  public int size() {
    return bytes.length;
  }

  /** Returns a copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns the bytes themselves, not a copy; they must not be changed: for stores. */
  public byte[] bytesUncopied() {
    return bytes;
  }

  /** Returns the bytes decoded as UTF-8, with U+FFFD where they are invalid. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns whether the bytes are valid UTF-8, so that {@link #text()} gives them back. */
  public boolean isText() {
    return Utf8.isValid(bytes);
  }

  @Override
  public int compareTo(Response other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof Response other && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns the size and the beginning of the text, harmless to show. */
  @Override
  public String toString() {
    return bytes.length + " bytes \"" + VisibleText.shortened(text()) + "\"";
  }
}
