package io.github.miniscan.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each format looks like, and that what is written can be read again. */
class FormatTest {

  private static final List<String> NASTY =
      List.of(
          "'",
          "''",
          "=",
          "+",
          "-",
          "@",
          "\t",
          "\r",
          "\n",
          "\uff1d",
          "\uff0b",
          "\uff0d",
          "\uff20",
          "\"",
          ",",
          ";",
          "\\",
          "\\u0000",
          "\u0000",
          "\u001b[2J",
          "\u0007",
          "\u007f",
          "\u009b31m",
          "\u0085",
          "\u202e",
          "\u2066",
          "\u2028",
          "\u2029",
          "\u061c",
          "\ufeff",
          "\ufffd",
          "\uffff",
          "\ue000",
          "\u0301",
          "\u4e2d",
          "\ud83d\ude00",
          "\ud83c\udf0d",
          "a",
          "Z",
          "0",
          " ",
          "{",
          "}");

  private final long seed = Long.getLong("scan.seed", System.nanoTime());

  // ---- the contract

  @Test
  void writesTheContractsJsonLines() throws Exception {
    assertThat(lines(record(80, "HTTP", "hello world")))
        .isEqualTo(
            "{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\","
                + "\"first_scanned\":\"2023-11-14T22:13:20Z\","
                + "\"last_scanned\":\"2023-11-14T22:13:20Z\",\"response\":\"hello world\"}\n");
    assertThat(lines()).isEmpty();
  }

  @Test
  void writesOneJsonArray() throws Exception {
    assertThat(array()).isEqualTo("[]\n");
    assertThat(array(record(80, "HTTP", "a"), record(81, "HTTP", "b")))
        .isEqualTo(
            "[{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\","
                + "\"first_scanned\":\"2023-11-14T22:13:20Z\","
                + "\"last_scanned\":\"2023-11-14T22:13:20Z\",\"response\":\"a\"},\n"
                + " {\"ip\":\"1.1.1.1\",\"port\":81,\"service\":\"HTTP\","
                + "\"first_scanned\":\"2023-11-14T22:13:20Z\","
                + "\"last_scanned\":\"2023-11-14T22:13:20Z\",\"response\":\"b\"}]\n");
  }

  @Test
  void writesTheContractsCsv() throws Exception {
    assertThat(csv()).isEqualTo(HEADER);
    assertThat(csv(record(80, "HTTP", "a,\"b\"\nc")))
        .isEqualTo(
            HEADER
                + "1.1.1.1,80,HTTP,2023-11-14T22:13:20Z,2023-11-14T22:13:20Z,"
                + "\"a,\"\"b\"\"\nc\",\n");
  }

  private static final String HEADER =
      "ip,port,service,first_scanned,last_scanned,response,response_base64\n";

  @Test
  void addsTheBytesWhereTextCannotGiveThemBack() throws Exception {
    ScanRecord binary =
        ScanRecord.ofScan(
            record(80, "HTTP", "").key(),
            0,
            Response.ofBytes(new byte[] {(byte) 0xff, 'h', (byte) 0xfe}));
    assertThat(lines(binary))
        .endsWith("\"response\":\"\ufffdh\ufffd\",\"response_base64\":\"/2j+\"}\n");
    assertThat(csv(binary)).endsWith(",\ufffdh\ufffd,/2j+\n");
  }

  @Test
  void csvHasNoNulAndTheBytesInItsPlace() throws Exception {
    assertThat(csv(record(80, "HTTP", "a\0b"))).endsWith(",a\ufffdb,YQBi\n");
    assertThat(lines(record(80, "HTTP", "a\0b"))).endsWith("\"response\":\"a\\u0000b\"}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n", "\uff1d1", "'=1"})
  void csvCannotStartAFormula(String formula) throws Exception {
    assertThat(csv(record(80, "HTTP", formula)).substring(HEADER.length()))
        .matches("(?s).*,\"?'" + Pattern.quote(formula) + "\"?,\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'", "'a", "''", "a=1", " =1"})
  void whatStartsNoFormulaIsWrittenAsItIs(String text) throws Exception {
    assertThat(csv(record(80, "HTTP", text))).endsWith("," + text + ",\n");
  }

  @Test
  void visibleCsvIsHarmlessOnATerminal() throws Exception {
    StringWriter out = new StringWriter();
    try (ValueWriter<ScanRecord> writer = Csv.visibleWriter(Columns.ofRecords(), out)) {
      writer.write(record(80, "HTTP", "\u001b[2J\n\u009b"));
    }
    assertThat(out.toString()).endsWith(",\\u001b[2J\\n\\u009b,\n");
  }

  @Test
  void deadLettersHaveAllThatIsKept() throws Exception {
    DeadLetter letter =
        DeadLetter.of(
            new Message(
                "17",
                "not json".getBytes(UTF_8),
                Map.of("b", "2", "a", "1"),
                Instant.parse("2026-01-02T03:04:05.678Z")),
            Reason.MALFORMED_JSON,
            "why",
            Instant.parse("2026-01-02T03:05:00Z"));
    assertThat(letter.id()).hasSize(32);
    assertThat(written(JsonLines::writer, Columns.ofDeadLetters(), List.of(letter)))
        .isEqualTo(
            "{\"id\":\""
                + letter.id()
                + "\",\"reason\":\"MALFORMED_JSON\",\"detail\":\"why\",\"message_id\":\"17\","
                + "\"publish_time\":\"2026-01-02T03:04:05.678Z\","
                + "\"received_at\":\"2026-01-02T03:05:00Z\","
                + "\"attributes\":{\"a\":\"1\",\"b\":\"2\"},"
                + "\"payload_base64\":\"bm90IGpzb24=\"}\n");
    assertThat(written(Csv::writer, Columns.ofDeadLetters(), List.of(letter)))
        .isEqualTo(
            "id,reason,detail,message_id,publish_time,received_at,attributes,payload_base64\n"
                + letter.id()
                + ",MALFORMED_JSON,why,17,2026-01-02T03:04:05.678Z,2026-01-02T03:05:00Z,"
                + "\"{\"\"a\"\":\"\"1\"\",\"\"b\"\":\"\"2\"\"}\",bm90IGpzb24=\n");
  }

  // ---- there and back

  @Test
  void recordsComeBackFromJsonLinesAndCsv() throws Exception {
    Random random = new Random(seed);
    List<ScanRecord> records = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      records.add(randomRecord(random));
    }
    assertThat(readLines(Columns.ofRecords(), lines(records.toArray(ScanRecord[]::new))))
        .as("seed %d", seed)
        .isEqualTo(records);
    assertThat(readCsv(Columns.ofRecords(), csv(records.toArray(ScanRecord[]::new))))
        .as("seed %d", seed)
        .isEqualTo(records);
  }

  @Test
  void deadLettersComeBackFromJsonLinesAndCsv() throws Exception {
    Random random = new Random(seed);
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      letters.add(randomLetter(random));
    }
    List<DeadLetter> fromLines =
        readLines(
            Columns.ofDeadLetters(), written(JsonLines::writer, Columns.ofDeadLetters(), letters));
    List<DeadLetter> fromCsv =
        readCsv(Columns.ofDeadLetters(), written(Csv::writer, Columns.ofDeadLetters(), letters));
    // Messages have no equals of their own: what is written of them has everything.
    String wanted = written(JsonLines::writer, Columns.ofDeadLetters(), letters);
    assertThat(written(JsonLines::writer, Columns.ofDeadLetters(), fromLines))
        .as("seed %d", seed)
        .isEqualTo(wanted);
    assertThat(written(JsonLines::writer, Columns.ofDeadLetters(), fromCsv))
        .as("seed %d", seed)
        .isEqualTo(wanted);
  }

  @Test
  void jsonIsHarmlessOnATerminal() throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      assertThat(lines(randomRecord(random)).strip().codePoints())
          .as("seed %d", seed)
          .noneMatch(
              c ->
                  Character.isISOControl(c)
                      || c == 0x61c
                      || c == 0x200e
                      || c == 0x200f
                      || c >= 0x2028 && c <= 0x202e
                      || c >= 0x2066 && c <= 0x2069);
    }
  }

  @Test
  void readsWhatOthersAdd() throws Exception {
    String line = lines(record(80, "HTTP", "a"));
    String more =
        "\ufeff\n" + line.replace("{\"ip\"", "{\"more\":[1,{\"ip\":2}],\"ip\"") + "\r\n\n";
    assertThat(readLines(Columns.ofRecords(), more)).containsExactly(record(80, "HTTP", "a"));
    String csv = "\ufeff" + csv(record(80, "HTTP", "a")).replace("\n", "\r\n");
    assertThat(readCsv(Columns.ofRecords(), csv)).containsExactly(record(80, "HTTP", "a"));
  }

  // ---- mistakes

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"1.1.1.1\" | \"1.1.1\" | 1.1.1",
        "\"1.1.1.1\" | 7 | \"ip\" is not a text",
        "\"1.1.1.1\" | null | no \"ip\"",
        "\"ip\": | \"ipv4\": | no \"ip\"",
        "\"port\":80 | \"port\":65536 | port out of range: 65536",
        "\"port\":80 | \"port\":-1 | port out of range: -1",
        "\"port\":80 | \"port\":80.0 | \"port\" is not a whole number",
        "\"port\":80 | \"port\":99999999999999999999 | \"port\" is not a whole number",
        "\"port\":80 | \"port\":\"80\" | \"port\" is not a whole number",
        "\"port\":80 | \"port\":80,\"port\":80 | not JSON: Duplicate field",
        "\"HTTP\" | \"\" | service",
        "\"2023-11-14T22:13:20Z\",\"last | \"2023-11-14\",\"last | not a time: \"2023-11-14\"",
        "\"2023-11-14T22:13:20Z\",\"last | \"2023-11-14T22:13:21Z\",\"last | scanned",
        "\"response\":\"a\" | \"text\":\"a\" | no \"response\"",
        "\"a\"} | \"a\",\"response_base64\":\"Yg==\"} | differ",
        "\"a\"} | \"a\",\"response_base64\":\"?\"} | not base64",
        "\"a\"} | \"a\" | not JSON",
        "\"a\"} | \"a\"}x | not JSON",
        "\"a\"} | \"a\"}{} | more than a JSON object",
        "{\"ip\" | [{\"ip\" | not a JSON object",
      })
  void aMalformedLineIsNamedAndTheNextOneIsRead(String good, String bad, String reason)
      throws Exception {
    String line = lines(record(80, "HTTP", "a"));
    assertThat(line).contains(good);
    String text = line + line.replace(good, bad) + line;
    try (ValueReader<ScanRecord> reader =
        JsonLines.reader(Columns.ofRecords(), new ByteArrayInputStream(text.getBytes(UTF_8)))) {
      assertThat(reader.next()).contains(record(80, "HTTP", "a"));
      MalformedTextException malformed =
          catchThrowableOfType(MalformedTextException.class, reader::next);
      assertThat(malformed).hasMessageStartingWith("line 2: ").hasMessageContaining(reason);
      assertThat(malformed.line()).isEqualTo(2);
      assertThat(malformed.isLast()).isFalse();
      assertThat(reader.next()).contains(record(80, "HTTP", "a"));
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void aMalformedRowIsNamedAndTheNextOneIsRead() throws Exception {
    String row = csv(record(80, "HTTP", "a\nb")).substring(HEADER.length());
    for (Map.Entry<String, String> mistake :
        Map.of(
                "1.1.1.1,", "1.1.1,",
                ",80,", ",080,",
                ",HTTP,", ",HTTP,HTTP,",
                ",80", "",
                "\",\n", "\",Yg==\n")
            .entrySet()) {
      String text = HEADER + row + row.replace(mistake.getKey(), mistake.getValue()) + row;
      try (ValueReader<ScanRecord> reader =
          Csv.reader(Columns.ofRecords(), new ByteArrayInputStream(text.getBytes(UTF_8)))) {
        assertThat(reader.next()).isPresent();
        MalformedTextException malformed =
            catchThrowableOfType(MalformedTextException.class, reader::next);
        assertThat(malformed).as(mistake.toString()).isNotNull();
        assertThat(malformed.line()).isEqualTo(4);
        assertThat(reader.next()).isPresent();
        assertThat(reader.next()).isEmpty();
      }
    }
  }

  @Test
  void aFileThatIsNoCsvOfOursIsRefused() throws Exception {
    for (String text :
        List.of("", "ip,port\n", "{\"ip\":1}\n", HEADER.replace("ip,port", "port,ip"))) {
      assertThatThrownBy(() -> readCsv(Columns.ofRecords(), text))
          .isInstanceOf(MalformedTextException.class)
          .hasMessageContaining("the header is not ip,port");
    }
    String whole = csv(record(80, "HTTP", "a\nb"), record(81, "HTTP", "a\nb"));
    String cut = whole.substring(0, whole.length() - 4);
    assertThatThrownBy(() -> readCsv(Columns.ofRecords(), cut))
        .isInstanceOf(MalformedTextException.class);
  }

  @Test
  void whatIsNotUtf8IsRefused() throws Exception {
    byte[] line = lines(record(80, "HTTP", "a")).getBytes(UTF_8);
    line[line.length - 4] = (byte) 0xff;
    ValueReader<ScanRecord> lines =
        JsonLines.reader(Columns.ofRecords(), new ByteArrayInputStream(line));
    assertThatThrownBy(lines::next)
        .isInstanceOf(MalformedTextException.class)
        .hasMessage("line 1: not UTF-8");

    byte[] csv = csv(record(80, "HTTP", "a")).getBytes(UTF_8);
    csv[csv.length - 3] = (byte) 0xff;
    assertThatThrownBy(
            () -> {
              ValueReader<ScanRecord> rows =
                  Csv.reader(Columns.ofRecords(), new ByteArrayInputStream(csv));
              rows.next();
            })
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void aDeadLetterOfAnotherIdIsRefused() throws Exception {
    DeadLetter letter = randomLetter(new Random(seed));
    String line = written(JsonLines::writer, Columns.ofDeadLetters(), List.of(letter));
    String other = line.replace(letter.id(), "0".repeat(32));
    assertThatThrownBy(() -> readLines(Columns.ofDeadLetters(), other))
        .isInstanceOf(MalformedTextException.class)
        .hasMessageContaining(letter.id());
  }

  // ---- how it is done

  private static ScanRecord record(int port, String service, String response) {
    return ScanRecord.ofScan(
        new ScanKey(IpAddress.parse("1.1.1.1"), port, service),
        1_700_000_000,
        Response.ofText(response));
  }

  private static ScanRecord randomRecord(Random random) {
    String service = nasty(random, 6).replaceAll("\\p{Cc}", "");
    byte[] bytes = nasty(random, 12).getBytes(UTF_8);
    if (random.nextInt(4) == 0) {
      bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
    }
    long last = random.nextInt(4) == 0 ? random.nextLong() >>> 1 : random.nextInt();
    last = Math.max(0, last);
    IpAddress ip =
        random.nextBoolean()
            ? IpAddress.ofV4(random.nextInt())
            : IpAddress.ofV6(random.nextLong(), random.nextLong());
    return new ScanRecord(
        new ScanKey(ip, random.nextInt(65_536), ScanKey.isService(service) ? service : "HTTP"),
        last == 0 ? 0 : random.nextLong(last),
        last,
        Response.ofBytes(bytes));
  }

  private static DeadLetter randomLetter(Random random) {
    Map<String, String> attributes = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      attributes.put(nasty(random, 4), nasty(random, 4));
    }
    byte[] payload = new byte[random.nextInt(50)];
    random.nextBytes(payload);
    Instant published =
        random.nextInt(4) == 0
            ? null
            : Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
    return DeadLetter.of(
        new Message(nasty(random, 4).replace('\0', 'x'), payload, attributes, published),
        new Reason("REASON_" + random.nextInt(9)),
        nasty(random, 9).replace('\0', 'x'),
        Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000)));
  }

  private static String nasty(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(NASTY.get(random.nextInt(NASTY.size())));
    }
    return text.toString();
  }

  private static String lines(ScanRecord... records) throws Exception {
    return written(JsonLines::writer, Columns.ofRecords(), List.of(records));
  }

  private static String array(ScanRecord... records) throws Exception {
    return written(JsonArray::writer, Columns.ofRecords(), List.of(records));
  }

  private static String csv(ScanRecord... records) throws Exception {
    return written(Csv::writer, Columns.ofRecords(), List.of(records));
  }

  private interface Opening<T> {
    ValueWriter<T> on(Columns<T> columns, Writer out) throws Exception;
  }

  private static <T> String written(Opening<T> opening, Columns<T> columns, List<T> values)
      throws Exception {
    StringWriter out = new StringWriter();
    try (ValueWriter<T> writer = opening.on(columns, out)) {
      for (T value : values) {
        writer.write(value);
      }
    }
    return out.toString();
  }

  private static <T> List<T> readLines(Columns<T> columns, String text) throws Exception {
    return all(JsonLines.reader(columns, new ByteArrayInputStream(text.getBytes(UTF_8))));
  }

  private static <T> List<T> readCsv(Columns<T> columns, String text) throws Exception {
    return all(Csv.reader(columns, new ByteArrayInputStream(text.getBytes(UTF_8))));
  }

  private static <T> List<T> all(ValueReader<T> reader) throws Exception {
    List<T> values = new ArrayList<>();
    try (reader) {
      Optional<T> next = reader.next();
      while (next.isPresent()) {
        values.add(next.get());
        next = reader.next();
      }
    }
    return values;
  }
}
