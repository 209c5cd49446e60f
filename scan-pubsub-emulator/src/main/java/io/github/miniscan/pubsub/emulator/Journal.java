package io.github.miniscan.pubsub.emulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happened to each message, for tests that ask when and how often. It keeps the latest
 * messages up to the limit of {@link EmulatorOptions#withJournal}; without that it keeps none.
 * Thread-safe.
 */
public final class Journal {
  /**
   * What happened to one message in one subscription so far.
   *
   * @param subscription the subscription's full name
   * @param publishedAt its publish time, to the millisecond
   * @param deliveredAt when it was sent to a consumer, oldest first
   * @param nacks how often it was handed back by a deadline of 0
   * @param ackedAt when it was acked
   */
  public record Entry(
      String subscription,
      String messageId,
      Instant publishedAt,
      List<Instant> deliveredAt,
      int nacks,
      Optional<Instant> ackedAt) {}

  private record Key(String subscription, long messageId) {}

  private static final class Notes {
    final long publishedMillis;
    final List<Long> deliveredMillis = new ArrayList<>(1);
    int nacks;
    OptionalLong ackedMillis = OptionalLong.empty();

    Notes(long publishedMillis) {
      this.publishedMillis = publishedMillis;
    }
  }

  private final int limit;
  private final Map<Key, Notes> notes = new LinkedHashMap<>();
  private long forgotten;

  Journal(int limit) {
    this.limit = limit;
  }

  /**
   * The messages of one subscription, in the order of publishing.
   *
   * @param subscription the full name, {@code projects/P/subscriptions/S}
   */
  public synchronized List<Entry> entries(String subscription) {
    List<Entry> entries = new ArrayList<>();
    notes.forEach(
        (key, note) -> {
          if (key.subscription().equals(subscription)) {
            entries.add(entry(key, note));
          }
        });
    return entries;
  }

  /** How many messages the limit pushed out: with 0, {@link #entries} tells everything. */
  public synchronized long forgotten() {
    return forgotten;
  }

  void published(String subscription, StoredMessage message) {
    if (limit == 0) {
      return;
    }
    synchronized (this) {
      if (notes.size() == limit) {
        Iterator<Key> oldest = notes.keySet().iterator();
        oldest.next();
        oldest.remove();
        forgotten++;
      }
      notes.put(new Key(subscription, message.id()), new Notes(message.publishMillis()));
    }
  }

  void delivered(String subscription, StoredMessage message, long millis) {
    if (limit == 0) {
      return;
    }
    synchronized (this) {
      Notes note = notes.get(new Key(subscription, message.id()));
      if (note != null) {
        note.deliveredMillis.add(millis);
      }
    }
  }

  void acked(String subscription, StoredMessage message, long millis) {
    if (limit == 0) {
      return;
    }
    synchronized (this) {
      Notes note = notes.get(new Key(subscription, message.id()));
      if (note != null) {
        note.ackedMillis = OptionalLong.of(millis);
      }
    }
  }

  void nacked(String subscription, StoredMessage message) {
    if (limit == 0) {
      return;
    }
    synchronized (this) {
      Notes note = notes.get(new Key(subscription, message.id()));
      if (note != null) {
        note.nacks++;
      }
    }
  }

  private static Entry entry(Key key, Notes note) {
    return new Entry(
        key.subscription(),
        Long.toString(key.messageId()),
        Instant.ofEpochMilli(note.publishedMillis),
        note.deliveredMillis.stream().map(Instant::ofEpochMilli).toList(),
        note.nacks,
        note.ackedMillis.isPresent()
            ? Optional.of(Instant.ofEpochMilli(note.ackedMillis.getAsLong()))
            : Optional.empty());
  }
}
