package io.github.miniscan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.RecordRefusedException;
import io.github.miniscan.store.StoreException;
import io.github.miniscan.store.WriteResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Keeps records that are mere text, is down when the test says so, and refuses what it says. */
final class FakeStore implements BatchWriter<String> {

  private final List<String> story;
  final Set<String> records = new LinkedHashSet<>();
  final Map<String, DeadLetter> letters = new LinkedHashMap<>();
  Predicate<String> refuses = record -> false;
  boolean down;
  int writes;

  FakeStore(List<String> story) {
    this.story = story;
  }

  @Override
  public WriteResult write(Batch<String> batch) {
    writes++;
    if (down) {
      throw new StoreException("the disk is gone");
    }
    if (batch.records().stream().map(Decoded::record).anyMatch(refuses)) {
      throw new RecordRefusedException("too \u001b[31mred", new IllegalStateException());
    }
    int stored = 0;
    for (Decoded<String> decoded : batch.records()) {
      stored += records.add(decoded.record()) ? 1 : 0;
    }
    batch.deadLetters().forEach(letter -> letters.putIfAbsent(letter.id(), letter));
    batch.replayed().forEach(letters::remove);
    story.add("write " + batch.records().size() + "+" + batch.deadLetters().size());
    return WriteResult.of(stored, batch.records().size() - stored);
  }

  /** The reasons of the dead letters by payload, in order. */
  List<String> rejected() {
    List<String> rejected = new ArrayList<>();
    letters
        .values()
        .forEach(
            letter ->
                rejected.add(
                    new String(letter.message().payload(), UTF_8) + ": " + letter.reason()));
    return rejected;
  }
}
