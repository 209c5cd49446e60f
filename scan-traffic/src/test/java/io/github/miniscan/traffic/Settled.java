package io.github.miniscan.traffic;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a message became: a record or a dead letter. */
record Settled(List<Decoded<ScanRecord>> records, List<DeadLetter> deadLetters) {

  private static final JsonScanDecoder DECODER = new JsonScanDecoder();

  static Settled of(int messageId, TrafficMessage published) {
    Instant time = TrafficOptions.nasty(0).baseTime();
    Message message = new Message(Integer.toString(messageId), published.payload(), Map.of(), time);
    try {
      return new Settled(List.of(new Decoded<>(message, DECODER.decode(message))), List.of());
    } catch (RejectedException e) {
      return new Settled(List.of(), List.of(DeadLetter.of(message, e.reason(), e.detail(), time)));
    }
  }

  static List<Settled> all(List<TrafficMessage> published) {
    List<Settled> settled = new ArrayList<>();
    for (TrafficMessage message : published) {
      settled.add(of(settled.size(), message));
    }
    return settled;
  }

  static Batch<ScanRecord> batch(List<Settled> settled) {
    return Batch.of(
        settled.stream().flatMap(each -> each.records.stream()).toList(),
        settled.stream().flatMap(each -> each.deadLetters.stream()).toList());
  }
}
