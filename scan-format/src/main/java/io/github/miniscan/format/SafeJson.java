package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is exact when parsed and harmless on a terminal: DEL, C1 controls, bidirectional
 * controls and the separators U+2028 and U+2029 are written as {@code \}{@code u} escapes.
 */
public final class SafeJson {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .characterEscapes(new HarmlessEscapes())
          .rootValueSeparator((String) null)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  private SafeJson() {}

  /** A generator on this writer, which it neither closes nor flushes by itself. */
  public static JsonGenerator generator(Writer out) throws IOException {
    return FACTORY.createGenerator(out);
  }

  /** Makes finished JSON harmless: what is escaped can only stand within its strings. */
  public static String escape(String json) {
    StringBuilder safe = new StringBuilder(json.length());
    json.chars()
        .forEach(
            c -> {
              if (isHarmful(c)) {
                safe.append(String.format("\\u%04x", c));
              } else {
                safe.append((char) c);
              }
            });
    return safe.toString();
  }

  private static boolean isHarmful(int character) {
    return character >= 0x7f && character <= 0x9f
        || character == 0x061c
        || character == 0x200e
        || character == 0x200f
        || character >= 0x2028 && character <= 0x202e
        || character >= 0x2066 && character <= 0x2069;
  }

  private static final class HarmlessEscapes extends CharacterEscapes {

    private static final long serialVersionUID = 1L;
    private static final char DEL = 0x7f;

    private final int[] ascii = standardAsciiEscapesForJSON();

    HarmlessEscapes() {
      ascii[DEL] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return isHarmful(character)
          ? new SerializedString(String.format("\\u%04x", character))
          : null;
    }
  }
}
