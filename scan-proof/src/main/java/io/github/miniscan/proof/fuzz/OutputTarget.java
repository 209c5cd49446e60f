package io.github.miniscan.proof.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.VisibleText;
import io.github.miniscan.cli.consume.LogLines;
import io.github.miniscan.cli.output.Format;
import io.github.miniscan.cli.output.ResultWriter;
import io.github.miniscan.format.JsonText;
import io.github.miniscan.format.SafeJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a person sees, of records and dead letters in the words of a stranger: nothing
 * gets out that a terminal obeys or that makes a line read as another, JSON gives back what was
 * stored, and no cell of a CSV file begins a formula.
 */
public final class OutputTarget {

  /** What a terminal, a spreadsheet or a parser may take for more than text. */
  private static final List<String> NASTY =
      List.of(
          "\u001b[31m",
          "\u001b]0;x\u0007",
          "\u009b1m",
          "\u0000",
          "\b",
          "\t",
          "\n",
          "\r",
          "\u007f",
          "\u0085",
          "\u061c",
          "\u200b",
          "\u200e",
          "\u200f",
          "\u2028",
          "\u2029",
          "\u202a",
          "\u202b",
          "\u202c",
          "\u202d",
          "\u202e",
          "\u2066",
          "\u2067",
          "\u2068",
          "\u2069",
          "\ufeff",
          "=",
          "+",
          "-",
          "@",
          "\uff1d",
          "\uff0b",
          "\uff0d",
          "\uff20",
          "\"",
          "'",
          ",",
          ";",
          "\\",
          "\\u001b",
          "\\n",
          "a",
          "Z",
          "0",
          " ",
          "{",
          "}",
          "\u00e9",
          "\u4e2d",
          "\ud83d\ude00",
          "\ud83d",
          "\ude00",
          "\udb40\udc01",
          "\ue000",
          "\uffff",
          "\u0301",
          "\u00ad",
          "=1+1|'",
          "</script>");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";
  private static final Instant TIME = Instant.parse("2026-11-21T00:00:00Z");
  private static final int WIDTH = 100;

  private static final Tally TALLY = Tally.ofThisProcess();
  private static @Nullable String logFormat;

  private OutputTarget() {}

  /**
   * Tries one input: its first byte says what is written, its second how its others are read. What
   * it throws is a finding.
   */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 2, input.length);
    String text = (input[1] & 1) == 0 ? new String(rest, StandardCharsets.UTF_8) : nasty(rest);
    byte[] bytes = (input[1] & 2) == 0 ? rest : text.getBytes(StandardCharsets.UTF_8);
    try {
      TALLY.count(check(Byte.toUnsignedInt(input[0]) % 16, text, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + "; input (base64) " + Base64.getEncoder().encodeToString(input), e);
    }
  }

  private static String nasty(byte[] choices) {
    StringBuilder text = new StringBuilder();
    for (byte choice : choices) {
      text.append(NASTY.get(Byte.toUnsignedInt(choice) % NASTY.size()));
    }
    return text.toString();
  }

  /**
   * @return what was written
   */
  private static String check(int what, String text, byte[] bytes) throws IOException {
    switch (what) {
      case 0 -> visible(text);
      case 1 -> table(text, bytes);
      case 2 -> page(text, bytes);
      case 3, 4, 5 -> recordJson(record(text, bytes), what == 3 ? Format.JSON : Format.JSONL);
      case 6, 7 -> letterJson(letter(text, bytes));
      case 8, 9, 10 -> csv(record(text, bytes));
      case 11 -> csv(letter(text, bytes));
      case 12 -> jsonText(text);
      case 13 -> escapedJson(text);
      default -> {
        log(what == 14 ? "text" : "json", letter(text, bytes));
        return "log as " + logFormat;
      }
    }
    return List.of(
            "visible text",
            "table",
            "page",
            "JSON",
            "JSON",
            "JSON",
            "JSON of a dead letter",
            "JSON of a dead letter",
            "CSV",
            "CSV",
            "CSV",
            "CSV of a dead letter",
            "JSON text",
            "JSON text")
        .get(what);
  }

  private static ScanRecord record(String text, byte[] response) {
    String service = text.length() > 40 ? text.substring(0, 40) : text;
    ScanKey key =
        new ScanKey(
            IpAddress.parse("2001:db8::1"), 80, ScanKey.isService(service) ? service : "HTTP");
    return new ScanRecord(key, 1, TIME.getEpochSecond(), Response.ofBytes(response));
  }

  /** No lone surrogates in it: what a queue delivers has none. */
  private static DeadLetter letter(String text, byte[] payload) {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    Message message = new Message(whole, payload, Map.of(whole, whole, whole + "b", whole), TIME);
    return DeadLetter.of(message, Reason.INVALID_DATA, whole, TIME);
  }

  private static void visible(String text) {
    String shown = VisibleText.of(text);
    Harmless.requireLine(shown);
    Harmless.requireLine(VisibleText.shortened(text));
    require(Escapes.undo(shown).equals(text), "the visible form is ambiguous: " + shown);
  }

  private static void table(String text, byte[] bytes) throws IOException {
    for (String written :
        List.of(written(record(text, bytes), Format.TABLE), written(letter(text, bytes)))) {
      Harmless.requireLines(written);
      require(written.lines().count() == 2, "a table of one row has more lines: " + written);
    }
  }

  private static void page(String text, byte[] bytes) throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofRecords(out, WIDTH).writePage(record(text, bytes));
    require(out.toString().lines().count() == 6, "a page of a record has not 6 lines: " + out);
    ResultWriter.ofDeadLetters(out, WIDTH).writePage(letter(text, bytes));
    Harmless.requireLines(out.toString());
  }

  private static void recordJson(ScanRecord record, Format format) throws IOException {
    String written = written(record, format);
    Harmless.requireLines(written);
    require(written.indexOf('\n') == written.length() - 1, "JSON of more than a line: " + written);
    JsonNode json = JSON.readTree(written);
    json = format == Format.JSON ? json.get(0) : json;
    byte[] response =
        json.has("response_base64")
            ? json.get("response_base64").binaryValue()
            : json.get("response").textValue().getBytes(StandardCharsets.UTF_8);
    require(
        json.get("ip").textValue().equals(record.key().ip().toString())
            && json.get("port").intValue() == record.key().port()
            && json.get("service").textValue().equals(record.key().service())
            && Instant.parse(json.get("first_scanned").textValue()).getEpochSecond()
                == record.firstScanned()
            && Instant.parse(json.get("last_scanned").textValue()).getEpochSecond()
                == record.lastScanned()
            && Arrays.equals(response, record.response().bytes()),
        "JSON does not give the record back: " + written);
  }

  private static void letterJson(DeadLetter letter) throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofDeadLetters(out, WIDTH).write(Stream.of(letter), Format.JSONL);
    Harmless.requireLines(out.toString());
    JsonNode json = JSON.readTree(out.toString());
    Message message = letter.message();
    boolean same =
        json.get("id").textValue().equals(letter.id())
            && json.get("detail").textValue().equals(letter.detail())
            && json.get("message_id").textValue().equals(message.id())
            && json.get("attributes").size() == message.attributes().size()
            && Arrays.equals(json.get("payload_base64").binaryValue(), message.payload());
    for (Map.Entry<String, String> attribute : message.attributes().entrySet()) {
      JsonNode value = json.get("attributes").get(attribute.getKey());
      same &= value != null && attribute.getValue().equals(value.textValue());
    }
    require(same, "JSON does not give the dead letter back: " + out);
  }

  private static void csv(ScanRecord record) throws IOException {
    String response = record.response().text();
    checkCsv(
        written(record, Format.CSV),
        List.of(
            record.key().ip().toString(),
            "80",
            record.key().service(),
            "1970-01-01T00:00:01Z",
            TIME.toString(),
            response,
            record.response().isText() && response.indexOf('\0') < 0
                ? ""
                : Base64.getEncoder().encodeToString(record.response().bytes())));
  }

  private static void csv(DeadLetter letter) throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofDeadLetters(out, WIDTH).write(Stream.of(letter), Format.CSV);
    checkCsv(
        out.toString(),
        List.of(
            letter.id(),
            letter.reason().code(),
            letter.detail(),
            letter.message().id(),
            TIME.toString(),
            TIME.toString()));
  }

  private static void checkCsv(String written, List<String> wanted) {
    List<List<String>> rows = Escapes.csv(written);
    require(rows.size() == 2, "CSV of one row has " + rows.size());
    List<String> cells = rows.get(1);
    require(cells.size() == rows.get(0).size(), "CSV has more cells than its header");
    for (String cell : cells) {
      require(
          cell.isEmpty() || FORMULA.indexOf(cell.charAt(0)) < 0, "a cell is a formula: " + cell);
    }
    for (int i = 0; i < wanted.size(); i++) {
      String cell = cells.get(i);
      String value = wanted.get(i);
      String unquoted = value.replaceFirst("^'*", "");
      boolean begun = !unquoted.isEmpty() && FORMULA.indexOf(unquoted.charAt(0)) >= 0;
      String shown = value.replace('\0', '\ufffd');
      require(cell.equals(begun ? "'" + shown : shown), "CSV changed " + value + " to " + cell);
    }
  }

  private static void jsonText(String text) throws IOException {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String written = JsonText.ofMap(Map.of(whole, whole));
    Harmless.requireLine(written);
    require(
        JSON.readTree(written).path(whole).textValue().equals(whole),
        "JSON does not give a text back: " + written);
  }

  private static void escapedJson(String text) throws JsonProcessingException {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String escaped = SafeJson.escape(JSON.writeValueAsString(List.of(whole)));
    Harmless.requireLine(escaped);
    require(
        JSON.readTree(escaped).get(0).textValue().equals(whole),
        "JSON does not give a text back: " + escaped);
  }

  private static void log(String format, DeadLetter letter) throws JsonProcessingException {
    if (!format.equals(logFormat)) {
      LogLines.start(format);
      logFormat = format;
    }
    String written = LogLines.of(letter.message(), letter.reason(), letter.detail());
    Harmless.requireLines(written);
    List<String> lines = written.lines().toList();
    require(lines.size() == 3, "three events are not three lines: " + written);
    if (format.equals("json")) {
      for (String line : lines) {
        require(JSON.readTree(line).has("formattedMessage"), "a line that is no event: " + line);
      }
    }
  }

  private static String written(ScanRecord record, Format format) throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofRecords(out, WIDTH).write(Stream.of(record), format);
    return out.toString();
  }

  private static String written(DeadLetter letter) throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofDeadLetters(out, WIDTH).write(Stream.of(letter), Format.TABLE);
    return out.toString();
  }

  private static void require(boolean held, String otherwise) {
    if (!held) {
      throw new AssertionError(VisibleText.of(otherwise));
    }
  }

  /** The ways back from what was written. */
  private static final class Escapes {

    /** The text of which this is the visible form. */
    static String undo(String shown) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < shown.length(); i++) {
        char c = shown.charAt(i);
        if (c != '\\') {
          text.append(c);
          continue;
        }
        i++;
        switch (shown.charAt(i)) {
          case 'n' -> text.append('\n');
          case 'r' -> text.append('\r');
          case 't' -> text.append('\t');
          case 'u' -> {
            text.append((char) Integer.parseInt(shown.substring(i + 1, i + 5), 16));
            i += 4;
          }
          default -> text.append(shown.charAt(i));
        }
      }
      return text.toString();
    }

    /** The cells of RFC 4180. */
    static List<List<String>> csv(String written) {
      List<List<String>> rows = new ArrayList<>();
      List<String> row = new ArrayList<>();
      StringBuilder cell = new StringBuilder();
      boolean quoted = false;
      for (int i = 0; i < written.length(); i++) {
        char c = written.charAt(i);
        if (quoted) {
          if (c != '"') {
            cell.append(c);
          } else if (i + 1 < written.length() && written.charAt(i + 1) == '"') {
            cell.append(c);
            i++;
          } else {
            quoted = false;
          }
        } else if (c == '"') {
          quoted = true;
        } else if (c == ',' || c == '\n') {
          row.add(cell.toString());
          cell.setLength(0);
          if (c == '\n') {
            rows.add(row);
            row = new ArrayList<>();
          }
        } else {
          cell.append(c);
        }
      }
      return rows;
    }
  }
}
