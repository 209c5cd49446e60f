package io.github.miniscan.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResultWriterTest {

  private static final String HOSTILE =
      "\u202eevil\u001b[31m\u001b]0;t\u0007\r\n\u009b2J\u007f\u2066\u2028\ud83d\ude00";

  @Test
  void writesTheContractsJson() throws IOException {
    assertThat(written(Format.JSONL, record("hello world")))
        .isEqualTo(
            "{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\","
                + "\"first_scanned\":\"2023-11-14T22:13:20Z\","
                + "\"last_scanned\":\"2023-11-14T22:13:20Z\",\"response\":\"hello world\"}\n");
  }

  @Test
  void addsTheBytesWhereTextCanNotGiveThemBack() throws IOException {
    ScanRecord binary =
        ScanRecord.ofScan(
            record("").key(), 0, Response.ofBytes(new byte[] {(byte) 0xff, 'h', (byte) 0xfe}));
    assertThat(written(Format.JSONL, binary))
        .contains("\"response\":\"\ufffdh\ufffd\",\"response_base64\":\"/2j+\"}");
    assertThat(written(Format.CSV, binary)).endsWith(",\ufffdh\ufffd,/2j+\n");
  }

  @Test
  void jsonIsHarmlessOnATerminalAndExactWhenParsed() throws IOException {
    String json = written(Format.JSONL, record(HOSTILE));
    assertHarmless(json.strip());
    assertThat(parse(json)).containsEntry("response", HOSTILE);
  }

  @Test
  void everyTextComesBackFromJsonExactly() throws IOException {
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      String text =
          random
              .ints(random.nextInt(20), 0, 0x110000)
              .filter(c -> c < 0xd800 || c > 0xdfff)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String json = written(Format.JSONL, record(text));
      assertHarmless(json.strip());
      assertThat(parse(json)).containsEntry("response", text);
    }
  }

  @Test
  void aTableShowsControlCharactersInVisibleForm() throws IOException {
    String table = written(Format.TABLE, record(HOSTILE));
    assertThat(table).contains("\\u202eevil\\u001b[31m");
    table.lines().forEach(ResultWriterTest::assertHarmless);
  }

  @Test
  void aTableCutsALongResponseAtTheWidth() throws IOException {
    String table = written(Format.TABLE, record("x".repeat(1_000_000)));
    assertThat(table.lines()).allMatch(line -> line.length() <= 120).hasSize(2);
  }

  @Test
  void aTableOfNothingIsEmpty() throws IOException {
    assertThat(written(Format.TABLE)).isEmpty();
    assertThat(written(Format.JSONL)).isEmpty();
    assertThat(written(Format.JSON)).isEqualTo("[]\n");
  }

  @Test
  void jsonIsOneArray() throws IOException {
    assertThat(written(Format.JSON, record("a"), record("b")))
        .startsWith("[{\"ip\":")
        .contains("\"a\"},\n {\"ip\"")
        .endsWith("\"b\"}]\n");
  }

  @Test
  void csvCanNotStartAFormula() throws IOException {
    for (String formula : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1")) {
      String csv = written(Format.CSV, record(formula));
      String row = csv.substring(csv.indexOf('\n') + 1);
      assertThat(row).matches("(?s).*,\"?'" + java.util.regex.Pattern.quote(formula) + "\"?,\n");
    }
  }

  @Test
  void csvHoldsNoNulAndTheBytesInItsPlace() throws IOException {
    assertThat(written(Format.CSV, record("a\0b")))
        .endsWith(",a\ufffdb,YQBi\n")
        .doesNotContain("\0");
    assertThat(written(Format.JSONL, record("a\0b"))).endsWith("\"response\":\"a\\u0000b\"}\n");
  }

  @Test
  void csvOnATerminalIsHarmless() throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofRecords(out, 120).onTerminal(true).write(Stream.of(record(HOSTILE)), Format.CSV);
    out.toString().lines().forEach(ResultWriterTest::assertHarmless);
    assertThat(out.toString()).hasLineCount(2).contains("\\u001b[31m");
  }

  @Test
  void aTableFitsItsWidthAndKeepsAddressesWhole() throws IOException {
    String longest = "2001:db8:1111:2222:3333:4444:5555:6666";
    List<ScanRecord> records = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String ip = i < 250 ? "10.0.0." + i : longest;
      String service = i % 7 == 0 ? "\u7f51\u7ad9".repeat(i % 40 + 1) : "HTTP";
      ScanKey key = new ScanKey(IpAddress.parse(ip), i, service);
      records.add(ScanRecord.ofScan(key, 0, Response.ofText("\u7f51".repeat(300))));
    }
    for (int width = 80; width <= 200; width++) {
      StringWriter out = new StringWriter();
      ResultWriter.ofRecords(out, width).write(records.stream(), Format.TABLE);
      List<String> lines = out.toString().lines().toList();
      int most = width;
      assertThat(lines).allMatch(line -> CellWidth.of(line) <= most);
      assertThat(lines.stream().filter(line -> line.startsWith("IP ")).count()).isLessThan(4);
      assertThat(lines.stream().filter(line -> line.startsWith(longest + "  "))).hasSize(250);
      assertThat(lines.stream().filter(line -> line.endsWith("…"))).hasSize(500);
    }
  }

  @Test
  void csvQuotesWhatNeedsIt() throws IOException {
    assertThat(written(Format.CSV, record("a,\"b\"\nc"))).endsWith(",\"a,\"\"b\"\"\nc\",\n");
  }

  @Test
  void deadLettersHaveAllThatIsKept() throws IOException {
    StringWriter out = new StringWriter();
    Message message =
        new Message(
            "17",
            "not json".getBytes(StandardCharsets.UTF_8),
            Map.of("b", "2", "a", "1"),
            Instant.parse("2026-01-02T03:04:05.678Z"));
    DeadLetter letter =
        DeadLetter.of(message, Reason.MALFORMED_JSON, "why", Instant.parse("2026-01-02T03:05:00Z"));
    ResultWriter.ofDeadLetters(out, 120).write(Stream.of(letter), Format.JSONL);
    assertThat(out)
        .hasToString(
            "{\"id\":\""
                + letter.id()
                + "\",\"reason\":\"MALFORMED_JSON\",\"detail\":\"why\",\"message_id\":\"17\","
                + "\"publish_time\":\"2026-01-02T03:04:05.678Z\","
                + "\"received_at\":\"2026-01-02T03:05:00Z\","
                + "\"attributes\":{\"a\":\"1\",\"b\":\"2\"},"
                + "\"payload_base64\":\"bm90IGpzb24=\"}\n");
  }

  @Test
  void manyRecordsAreWrittenAsTheyCome() throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofRecords(out, 120)
        .write(IntStream.range(0, 1_000).mapToObj(i -> record("r" + i)), Format.TABLE);
    assertThat(out.toString().lines()).hasSize(1_001);
  }

  private static ScanRecord record(String response) {
    return ScanRecord.ofScan(
        new ScanKey(IpAddress.parse("1.1.1.1"), 80, "HTTP"),
        1_700_000_000,
        Response.ofText(response));
  }

  private static String written(Format format, ScanRecord... records) throws IOException {
    StringWriter out = new StringWriter();
    ResultWriter.ofRecords(out, 120).write(Stream.of(records), format);
    return out.toString();
  }

  private static void assertHarmless(String line) {
    assertThat(line.codePoints())
        .as(line)
        .noneMatch(
            c ->
                Character.getType(c) == Character.CONTROL
                    || c >= 0x202a && c <= 0x202e
                    || c >= 0x2066 && c <= 0x2069
                    || c == 0x2028
                    || c == 0x2029
                    || c == 0x200e
                    || c == 0x200f
                    || c == 0x061c);
  }

  private static Map<String, String> parse(String json) throws IOException {
    Map<String, String> members = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          members.put(name, parser.getText());
        }
      }
    }
    return members;
  }
}
