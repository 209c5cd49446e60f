package io.github.miniscan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.cli.ProgramUnderTest.Result;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What attackers write into banners, messages and arguments is harmless wherever it is shown. */
class HostileIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Clears the screen, sets the title, colours, turns the text around, rings, ends a line. */
  private static final String HOSTILE =
      "\u001b[2J\u001b]0;owned\u0007\u001b[31mred\u009b1m \u202egnp.exe\u2066\u061c\u200f\u2028\u2029"
          + "\u0085\u007f\b\r\n\t\u0000=cmd|'/c calc'!A1";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("scans.db");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aResponseIsHarmlessOnATerminalAndExactWhenParsed(boolean isText) throws Exception {
    byte[] response = isText ? HOSTILE.getBytes(UTF_8) : withBytesThatAreNoText();
    try (TestServer server = TestServer.start()) {
      server.publish(Scans.scan("1.1.1.1", response));
      assertThat(consume(server, 1).status()).isZero();
    }
    for (String format : List.of("table", "json", "jsonl")) {
      Result result = ProgramUnderTest.run("query", "--store", file, "--format", format);
      assertHarmless(result.out());
      assertThat(result.out()).contains("owned");
      if (!format.equals("table")) {
        Map<String, String> printed = JsonObjects.in(result.out()).get(0);
        assertThat(printed.get("response")).isEqualTo(new String(response, UTF_8));
        assertThat(printed.containsKey("response_base64")).isEqualTo(!isText);
        if (!isText) {
          assertThat(Base64.getDecoder().decode(printed.get("response_base64")))
              .isEqualTo(response);
        }
      }
    }
    assertThat(ProgramUnderTest.run("query", "--store", file, "--format", "jsonl").lines())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void rejectedMessagesAreHarmlessInLogsAndAsDeadLetters(String logFormat) throws Exception {
    List<byte[]> payloads = new ArrayList<>();
    for (String field : List.of("ip", "service", "timestamp", "port", "data_version")) {
      payloads.add(withHostile(field, Scans.EXAMPLE_1).getBytes(UTF_8));
    }
    payloads.add(HOSTILE.getBytes(UTF_8));
    payloads.add(withBytesThatAreNoText());
    payloads.add(("{\"" + HOSTILE + "\":" + Scans.EXAMPLE_1).getBytes(UTF_8));
    try (TestServer server = TestServer.start()) {
      for (byte[] payload : payloads) {
        server.publisher().publish(payload, Map.of(HOSTILE, HOSTILE)).join();
      }
      Result consumed = consume(server, payloads.size(), "--log-format", logFormat);
      assertThat(consumed.status()).isZero();
      assertThat(Counts.of(consumed).deadLetters()).isEqualTo(payloads.size());
      assertHarmless(consumed.err());
      assertThat(consumed.err()).contains("dead letter");
      if (logFormat.equals("json")) {
        assertThat(JsonObjects.in(consumed.err())).isNotEmpty();
      }
    }
    for (String format : List.of("table", "json", "jsonl")) {
      Result listed =
          ProgramUnderTest.run("dead-letters", "list", "--store", file, "--format", format);
      assertHarmless(listed.out());
      if (!format.equals("table")) {
        List<Map<String, String>> letters = JsonObjects.in(listed.out());
        assertThat(
                letters.stream()
                    .map(letter -> Base64.getDecoder().decode(letter.get("payload_base64"))))
            .containsExactlyElementsOf(payloads);
        assertThat(letters)
            .allMatch(
                letter -> Map.of(HOSTILE, HOSTILE).toString().equals(letter.get("attributes")));
        for (Map<String, String> letter : letters) {
          assertHarmless(
              ProgramUnderTest.run(
                      "dead-letters",
                      "show",
                      letter.get("id") + "",
                      "--store",
                      file,
                      "--format",
                      "table")
                  .out());
        }
      }
    }
  }

  @Test
  void argumentsAreHarmlessInErrorMessages() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.publish(Scans.EXAMPLE_1);
      consume(server, 1);
      // An argument can not hold NUL.
      String hostile = HOSTILE.replace("\u0000", "");
      String path = hostile.replace('/', '_');
      List<List<String>> commandLines =
          List.of(
              List.of(hostile),
              List.of("--" + hostile),
              List.of("query", hostile),
              List.of("query", "--" + hostile),
              List.of("query", "--ip", hostile),
              List.of("query", "--port", hostile),
              List.of("query", "--limit", hostile),
              List.of("query", "--format", hostile),
              List.of("query", "--store", path),
              List.of("query", "--store", "x:" + path),
              List.of("query", "--store", "postgres+" + hostile + "://x"),
              List.of("consume", "--emulator", hostile),
              List.of("consume", "--until-idle", hostile),
              List.of("consume", "--max-messages", hostile),
              List.of("consume", "--pull", hostile),
              List.of("consume", "--emulator", server.address(), "--store", path + "/x"),
              consume(server, "--subscription", hostile),
              consume(server, "--project", hostile),
              List.of("publish", "--emulator", server.address(), "--topic", hostile),
              List.of("publish", "--emulator", server.address(), "--file", path),
              List.of("publish", "--rate", hostile),
              List.of("emulator", "--host", hostile, "--port", "0"),
              List.of("emulator", "--port", "0", "--topic", hostile),
              List.of("demo", "--for", hostile),
              List.of("dead-letters", hostile),
              List.of("dead-letters", "show", hostile, "--store", file + ""),
              List.of("dead-letters", "list", "--reason", hostile),
              List.of("dead-letters", "list", "--store", path),
              List.of("dead-letters", "purge", "--older-than", hostile));
      for (List<String> words : commandLines) {
        Result result = ProgramUnderTest.run(words.toArray());
        assertThat(result.status()).as(words.get(0) + ": " + result).isIn(1, 2);
        assertHarmless(result.err());
        assertHarmless(result.out());
        assertThat(result.err().lines().toList()).as(result.toString()).hasSizeBetween(1, 3);
        assertThat(result.err()).doesNotContain("\tat ");
      }
    }
  }

  @Test
  void aFileToPublishIsHarmlessWhenItIsNotBase64() throws Exception {
    Path messages = Files.writeString(directory.resolve("messages"), HOSTILE);
    try (TestServer server = TestServer.start()) {
      Result result =
          ProgramUnderTest.run(
              "publish", "--emulator", server.address(), "--file", messages, "--base64");
      assertThat(result.status()).isEqualTo(1);
      assertHarmless(result.err());
      assertThat(result.err()).contains("line 1 of " + messages + " is not base64");
    }
  }

  private List<String> consume(TestServer server, String option, String value) {
    return List.of("consume", "--emulator", server.address(), "--store", file + "", option, value);
  }

  private Result consume(TestServer server, int messages, String... more) throws Exception {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "consume",
                "--emulator",
                server.address(),
                "--store",
                file,
                "--max-messages",
                messages));
    words.addAll(List.of(more));
    try (ScanProcess consumer = ScanProcess.start(words.toArray())) {
      return consumer.await(PATIENCE);
    }
  }

  /** The scan, with this field a hostile string. */
  private static String withHostile(String field, String scan) {
    StringBuilder escaped = new StringBuilder();
    for (char c : HOSTILE.toCharArray()) {
      escaped.append(c < ' ' ? "\\u%04x".formatted((int) c) : c);
    }
    return scan.replaceFirst(
        "\"" + field + "\":(\"[^\"]*\"|\\d+)",
        Matcher.quoteReplacement("\"" + field + "\":\"" + escaped + "\""));
  }

  private static byte[] withBytesThatAreNoText() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HOSTILE.getBytes(UTF_8));
    bytes.writeBytes(new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0x80, (byte) 0x9b});
    return bytes.toByteArray();
  }

  /** Nothing but lines of characters that no terminal acts upon. */
  private static void assertHarmless(String shown) {
    assertThat(shown.codePoints().filter(HostileIT::isHarmful).mapToObj(Integer::toHexString))
        .as(shown)
        .isEmpty();
  }

  private static boolean isHarmful(int c) {
    boolean control = Character.isISOControl(c) && c != '\n';
    boolean turnsText =
        c == 0x61c
            || c == 0x200e
            || c == 0x200f
            || (c >= 0x202a && c <= 0x202e)
            || (c >= 0x2066 && c <= 0x2069);
    return control || turnsText || c == 0x2028 || c == 0x2029;
  }
}
