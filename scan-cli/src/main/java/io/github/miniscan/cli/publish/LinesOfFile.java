package io.github.miniscan.cli.publish;

import io.github.miniscan.VisibleText;
import io.github.miniscan.cli.options.UserException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, each as one payload. Empty lines are passed over, and so is a byte order
 * mark at the beginning. What is compressed by gzip is decompressed.
 */
final class LinesOfFile implements Payloads {

  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_MARK = 6;
  private static final String GZIP = "1f8b";
  private static final String UTF_8_MARK = "efbbbf";

  /** How files begin that hold no lines of UTF-8, in hexadecimal, and what they are. */
  private static final Map<String, String> FOREIGN = new LinkedHashMap<>();

  static {
    FOREIGN.put("fffe", "UTF-16 or UTF-32: convert it first, as in \"iconv -f UTF-16 -t UTF-8\"");
    FOREIGN.put("feff", "UTF-16: convert it first, as in \"iconv -f UTF-16 -t UTF-8\"");
    FOREIGN.put("7b00", "UTF-16: convert it first, as in \"iconv -f UTF-16LE -t UTF-8\"");
    FOREIGN.put("007b", "UTF-16: convert it first, as in \"iconv -f UTF-16BE -t UTF-8\"");
    FOREIGN.put("28b52ffd", "compressed by zstd: decompress it first, as in \"zstd -dc\"");
    FOREIGN.put("fd377a585a00", "compressed by xz: decompress it first, as in \"xz -dc\"");
    FOREIGN.put("425a68393141", "compressed by bzip2: decompress it first, as in \"bzip2 -dc\"");
    FOREIGN.put("504b0304", "a zip file: decompress it first, as in \"unzip -p\"");
  }

  private final String name;
  private final boolean base64;
  private final BufferedReader lines;

  /** The first line, which is read to see what the file holds, until it is handed out. */
  private @Nullable String first;

  private long number;

  private LinesOfFile(String name, boolean base64, InputStream in) throws IOException {
    this.name = name;
    this.base64 = base64;
    // Each char stands for the byte of that value, so that every byte of the file comes through.
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1), BUFFER);
    this.first = nextLine();
    if (!base64) {
      refuseOneValueOverLines(first);
    }
  }

  /**
   * Opens a file.
   *
   * @param file its path; {@code -} is standard input
   * @param base64 whether each line is base64
   * @throws UserException when it cannot be read, or holds no lines of UTF-8
   */
  static LinesOfFile open(String file, boolean base64) {
    String name = file.equals("-") ? "standard input" : VisibleText.of(file);
    try {
      return new LinesOfFile(name, base64, decoded(raw(file, name), name));
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static InputStream raw(String file, String name) throws IOException {
    if (file.equals("-")) {
      return System.in;
    }
    try {
      Path path = Path.of(file);
      if (Files.isDirectory(path)) {
        throw new UserException(name + " is a directory: name a file in it");
      }
      return Files.newInputStream(path);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new UserException("no such file: " + name, e);
    }
  }

  private static InputStream decoded(InputStream raw, String name) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
    if (beginning(in).startsWith(GZIP)) {
      in = new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER);
    }
    String beginning = beginning(in);
    for (Map.Entry<String, String> foreign : FOREIGN.entrySet()) {
      if (beginning.startsWith(foreign.getKey())) {
        throw new UserException(name + " is " + foreign.getValue());
      }
    }
    if (beginning.startsWith(UTF_8_MARK)) {
      in.skipNBytes(UTF_8_MARK.length() / 2);
    }
    return in;
  }

  private static String beginning(BufferedInputStream in) throws IOException {
    in.mark(LONGEST_MARK);
    byte[] bytes = in.readNBytes(LONGEST_MARK);
    in.reset();
    return HexFormat.of().formatHex(bytes);
  }

  /** Each of its lines would become a dead letter. */
  private void refuseOneValueOverLines(@Nullable String line) {
    String begun = line == null ? "" : line.strip();
    if (begun.equals("{") || begun.equals("[")) {
      throw new UserException(
          name
              + " holds JSON over several lines, but each line is one message: bring each message"
              + " on a line first, as in \"jq -c "
              + (begun.equals("[") ? ".[]" : ".")
              + "\"");
    }
  }

  /** Reads no further than this line, so that a line of a pipe is published when it arrives. */
  @Override
  public byte @Nullable [] next() {
    String line = first;
    first = null;
    if (line == null) {
      try {
        line = nextLine();
      } catch (IOException e) {
        throw unreadable(name, e);
      }
    }
    return line == null ? null : base64 ? decode(line) : line.getBytes(StandardCharsets.ISO_8859_1);
  }

  private @Nullable String nextLine() throws IOException {
    String line;
    do {
      line = lines.readLine();
      number++;
    } while (line != null && line.isEmpty());
    return line;
  }

  private byte[] decode(String line) {
    try {
      return Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      throw new UserException("line " + number + " of " + name + " is not base64", e);
    }
  }

  private static UserException unreadable(String name, IOException failure) {
    String reason =
        failure instanceof AccessDeniedException
            ? "no permission"
            : VisibleText.of(String.valueOf(failure.getMessage()));
    return new UserException("cannot read " + name + ": " + reason, failure);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
