package io.github.miniscan.proof.fuzz;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.bench.report.Table;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.proof.BrokenPromiseException;
import io.github.miniscan.proof.Effort;
import io.github.miniscan.proof.Finding;
import io.github.miniscan.proof.Proof;
import io.github.miniscan.proof.process.Progress;
import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What is as large as it may be, or larger: messages at the limit of 10 MB, fields, nesting,
 * numbers, and very many keys that differ in one byte. Nothing takes long, and nothing is confused
 * with another.
 */
public final class HostileSizes implements Proof {

  /** What a queue takes at most. */
  private static final int MESSAGE_BYTES = 10_000_000;

  /** Ten times of what any of them takes on a slow machine. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final int BATCH = 10_000;
  private static final int PER_SERVICE = 65_536;

  @Override
  public String name() {
    return "hostile-sizes";
  }

  @Override
  public String description() {
    return "The largest messages are judged in good time; keys of one byte's difference stay apart.";
  }

  @Override
  public String unit() {
    return "keys";
  }

  @Override
  public long quickSize() {
    return 20_000;
  }

  @Override
  public long fullSize() {
    return 1_000_000;
  }

  @Override
  public Finding run(Effort effort) throws IOException, InterruptedException {
    Table.Builder messages = Table.builder(name() + "-messages", "message", "verdict", "took");
    Map<String, byte[]> cases = messages();
    for (Map.Entry<String, byte[]> each : cases.entrySet()) {
      long began = System.nanoTime();
      String verdict = decode(each.getValue());
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      if (took.compareTo(LONGEST) > 0) {
        throw new BrokenPromiseException(
            "%s took %d s to decode".formatted(each.getKey(), took.toSeconds()));
      }
      requireReference(each.getKey(), each.getValue());
      messages.row(each.getKey(), verdict, String.format(Locale.ROOT, "%,d ms", took.toMillis()));
    }
    keepApart(effort);
    return Finding.builder()
        .figure("messages", cases.size())
        .figure("differences from the reference", 0)
        .figure("keys with one byte's difference", effort.size())
        .figure("confused", 0)
        .table(messages.build())
        .build();
  }

  private static String decode(byte[] payload) {
    try {
      new JsonScanDecoder().decode(new Message("", payload, Map.of(), Recipe.PUBLISHED));
      return "record";
    } catch (RejectedException e) {
      return e.reason().code();
    }
  }

  private static void requireReference(String what, byte[] payload) {
    try {
      DecoderTarget.check(payload);
    } catch (AssertionError e) {
      String message = String.valueOf(e.getMessage());
      throw new BrokenPromiseException(
          what + ": " + message.substring(0, Math.min(300, message.length())), e);
    }
  }

  private static Map<String, byte[]> messages() {
    Map<String, String> texts = new LinkedHashMap<>();
    int large = MESSAGE_BYTES - 300;
    texts.put("10 MB of text", message("\"response_str\":\"" + "x".repeat(large) + "\"", 2, ""));
    texts.put(
        "10 MB of escapes",
        message("\"response_str\":\"" + "\\u00e9".repeat(large / 6) + "\"", 2, ""));
    texts.put(
        "10 MB of lone surrogates",
        message("\"response_str\":\"" + "\\ud800".repeat(large / 6) + "\"", 2, ""));
    texts.put(
        "10 MB of base64",
        message("\"response_bytes_utf8\":\"" + "QUJD".repeat(large / 4) + "\"", 1, ""));
    texts.put(
        "10 MB of what is no base64",
        message("\"response_bytes_utf8\":\"" + "QUJ_".repeat(large / 4) + "\"", 1, ""));
    texts.put("10 MB of white space", message("\"response_str\":\"\"", 2, "") + " ".repeat(large));
    texts.put(
        "a service of 10 MB",
        message("\"response_str\":\"\"", 2, "").replace("HTTP", "x".repeat(large)));
    texts.put(
        "an address of 10 MB",
        message("\"response_str\":\"\"", 2, "").replace("1.1.1.1", "1".repeat(large)));
    texts.put(
        "a field name of 10 MB",
        message("\"response_str\":\"\"", 2, ",\"" + "n".repeat(large) + "\":1"));
    texts.put("10 MB that are cut off", message("\"response_str\":\"" + "x".repeat(large), 2, ""));
    texts.put("ten thousand fields", message("\"response_str\":\"\"", 2, fields(10_000)));
    texts.put("600,000 fields", message("\"response_str\":\"\"", 2, fields(600_000)));
    texts.put(
        "ten thousand known fields",
        message("\"response_str\":\"\"", 2, ",\"other\":[" + "{\"ip\":1},".repeat(10_000) + "0]"));
    for (int depth : new int[] {999, 1_000, 1_000_000}) {
      // The message itself is one level more.
      texts.put(
          String.format(Locale.ROOT, "nesting of %,d", depth + 1),
          message(
              "\"response_str\":\"\"", 2, ",\"other\":" + "[".repeat(depth) + "]".repeat(depth)));
    }
    for (int digits : new int[] {1_000, 1_001, 1_000_000}) {
      String number = "9".repeat(digits);
      texts.put(
          String.format(Locale.ROOT, "a number of %,d digits", digits),
          message("\"response_str\":\"\"", 2, ",\"other\":" + number));
      texts.put(
          String.format(Locale.ROOT, "a timestamp of %,d digits", digits),
          message("\"response_str\":\"\"", 2, "").replace("1700000000", number));
      texts.put(
          String.format(Locale.ROOT, "a fraction of %,d digits", digits),
          message("\"response_str\":\"\"", 2, ",\"other\":0." + "9".repeat(digits - 1)));
    }
    texts.put("a vast exponent", message("\"response_str\":\"\"", 2, ",\"other\":1e999999999"));
    texts.put(
        "a timestamp with a vast exponent",
        message("\"response_str\":\"\"", 2, "").replace("1700000000", "1e999999999"));
    Map<String, byte[]> messages = new LinkedHashMap<>();
    texts.forEach((what, text) -> messages.put(what, text.getBytes(StandardCharsets.UTF_8)));
    byte[] spoiled = texts.get("10 MB of text").getBytes(StandardCharsets.UTF_8);
    spoiled[spoiled.length - 10] = (byte) 0xff;
    messages.put("10 MB that end in a byte that is not UTF-8", spoiled);
    return messages;
  }

  private static String fields(int count) {
    return IntStream.range(0, count)
        .mapToObj(field -> ",\"f" + field + "\":1")
        .collect(Collectors.joining());
  }

  private static String message(String data, int version, String more) {
    return ("{\"ip\":\"1.1.1.1\",\"port\":80,\"service\":\"HTTP\",\"timestamp\":1700000000,"
                + "\"data_version\":%d,\"data\":{")
            .formatted(version)
        + data
        + "}"
        + more
        + "}";
  }

  /** Neighbours in each part of the key: address, port, and the last byte of a long service. */
  private static void keepApart(Effort effort) throws IOException {
    Progress progress = new Progress("hostile-sizes");
    Path path = effort.directory().resolve("scans.db");
    try (ScanStore store = SqliteScanStore.open(path)) {
      for (long from = 0; from < effort.size(); from += BATCH) {
        List<Decoded<ScanRecord>> records = new ArrayList<>(BATCH);
        for (long number = from; number < Math.min(effort.size(), from + BATCH); number++) {
          Message message = new Message("", new byte[0], Map.of(), null);
          records.add(new Decoded<>(message, record(number)));
        }
        List<DeadLetter> none = List.of();
        store.write(Batch.of(records, none));
        long done = from;
        progress.tell(() -> "%,d of %,d keys written".formatted(done, effort.size()));
      }
      long found = 0;
      try (Stream<ScanRecord> stored = store.find(ScanQuery.all())) {
        for (Iterator<ScanRecord> each = stored.iterator(); each.hasNext(); found++) {
          ScanRecord record = each.next();
          long number = record.lastScanned();
          if (!record.equals(record(number))) {
            throw new BrokenPromiseException("%s must be %s".formatted(record, record(number)));
          }
        }
      }
      if (found != effort.size()) {
        throw new BrokenPromiseException(
            "%,d keys became %,d records".formatted(effort.size(), found));
      }
    }
  }

  /** The record of a key that only this number has; its time and response say which. */
  private static ScanRecord record(long number) {
    int within = (int) (number % PER_SERVICE);
    int group = (int) (number / PER_SERVICE);
    ScanKey key =
        switch (within % 4) {
          case 0 -> new ScanKey(IpAddress.ofV4(within), 80, "HTTP" + group);
          case 1 -> new ScanKey(IpAddress.ofV6(within, 1), 80, "HTTP" + group);
          case 2 -> new ScanKey(IpAddress.ofV4(-1), within, "x".repeat(200) + group);
          default ->
              new ScanKey(
                  IpAddress.ofV4(-1),
                  group,
                  "x".repeat(200) + new String(Character.toChars(0x10000 + within)));
        };
    return ScanRecord.ofScan(key, number, Response.ofText(Long.toString(number)));
  }
}
