package io.github.miniscan.cli.demo;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.VisibleText;
import io.github.miniscan.cli.output.CellWidth;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.WriteResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** Tells what becomes of each scan, once it is durable: for the demo, where there are few. */
final class DemoReport implements BatchWriter<ScanRecord> {

  private final ScanStore store;
  private final PrintWriter out;
  private final Ansi ansi;
  private final int width;
  private volatile Optional<ScanKey> lastKept = Optional.empty();

  /**
   * Creates a narrator.
   *
   * @param width the number of cells that a line may take
   */
  DemoReport(ScanStore store, PrintWriter out, Ansi ansi, int width) {
    this.store = store;
    this.out = out;
    this.ansi = ansi;
    this.width = width;
  }

  /** The key of a record that is kept, once there is one. */
  Optional<ScanKey> lastKept() {
    return lastKept;
  }

  @Override
  public WriteResult write(Batch<ScanRecord> batch) {
    List<String> story = new ArrayList<>();
    Map<ScanKey, ScanRecord> known = new HashMap<>();
    for (Decoded<ScanRecord> decoded : batch.records()) {
      ScanRecord scan = decoded.record();
      Optional<ScanRecord> before =
          Optional.ofNullable(known.get(scan.key())).or(() -> kept(scan.key()));
      ScanRecord after = before.map(record -> record.merge(scan)).orElse(scan);
      known.put(scan.key(), after);
      story.add(line(verdict(before, after), shown(scan)));
    }
    for (DeadLetter letter : batch.deadLetters()) {
      story.add(line(Verdict.DEAD_LETTER, letter.reason() + ": " + seen(letter.detail())));
    }
    WriteResult result = store.write(batch);
    story.forEach(out::println);
    out.flush();
    batch.records().forEach(decoded -> lastKept = Optional.of(decoded.record().key()));
    return result;
  }

  private Optional<ScanRecord> kept(ScanKey key) {
    ScanQuery query =
        ScanQuery.of(
            ScanFilter.all().withIp(key.ip()).withPort(key.port()).withService(key.service()));
    try (Stream<ScanRecord> found = store.find(query)) {
      return found.findFirst();
    }
  }

  private static Verdict verdict(Optional<ScanRecord> before, ScanRecord after) {
    return before.isEmpty()
        ? Verdict.NEW
        : before.get().equals(after) ? Verdict.STALE : Verdict.UPDATED;
  }

  private String shown(ScanRecord scan) {
    return VisibleText.of(scan.key().toString()) + "  " + seen(scan.response().text());
  }

  /** Only what a line has room for is looked at: a response may be megabytes. */
  private String seen(String text) {
    return VisibleText.of(text.substring(0, Math.min(text.length(), width + 1)));
  }

  private String line(Verdict verdict, String text) {
    String cut = CellWidth.cut(text, width - Verdict.WIDTH - 1);
    return ansi.string("@|" + verdict.style + " " + verdict.padded() + "|@ ") + cut;
  }

  /** What became of a scan. */
  private enum Verdict {
    NEW("new", "green"),
    UPDATED("updated", "yellow"),
    STALE("stale", "faint"),
    DEAD_LETTER("dead letter", "red");

    static final int WIDTH = "dead letter".length();

    final String word;
    final String style;

    Verdict(String word, String style) {
      this.word = word;
      this.style = style;
    }

    String padded() {
      return CellWidth.pad(word, WIDTH);
    }
  }
}
