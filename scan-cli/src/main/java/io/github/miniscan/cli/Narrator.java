package io.github.miniscan.cli;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.VisibleText;
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
final class Narrator implements BatchWriter<ScanRecord> {

  private final ScanStore store;
  private final PrintWriter out;
  private final Ansi ansi;
  private volatile Optional<ScanKey> lastKept = Optional.empty();

  Narrator(ScanStore store, PrintWriter out, Ansi ansi) {
    this.store = store;
    this.out = out;
    this.ansi = ansi;
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
      story.add(verdict(before, after) + " " + shown(scan));
    }
    for (DeadLetter letter : batch.deadLetters()) {
      story.add(
          ansi.string("@|red dead letter|@ ")
              + letter.reason()
              + ": "
              + VisibleText.shortened(letter.detail()));
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

  private String verdict(Optional<ScanRecord> before, ScanRecord after) {
    if (before.isEmpty()) {
      return ansi.string("@|green new        |@");
    }
    if (before.get().equals(after)) {
      return ansi.string("@|faint stale      |@");
    }
    return ansi.string("@|yellow updated    |@");
  }

  private static String shown(ScanRecord scan) {
    String response = scan.response().text();
    return scan.key() + "  \"" + VisibleText.shortened(response) + "\"";
  }
}
