package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.disk.Trace.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a machine holds in its memory of the files that it writes, and what of it is on the disk for
 * sure. It says what may be found there when the power goes: all that was synced; and of the rest
 * each sector of each write, each truncation, and each creation and removal of a file, or not.
 */
final class Cache {

  /** What a disk writes in whole or not at all, and what it leaves in disorder at the worst. */
  private static final int SECTOR = 512;

  private static final int INDEX_BYTES = 32 << 10;
  private static final double[] SHARES = {0, 0.1, 0.5, 0.9, 1};

  private final Map<String, Entry> directory = new TreeMap<>();

  /** A name in the directory: what it is for sure, and what has become of it since. */
  private static final class Entry {
    private @Nullable Content synced;
    private final List<@Nullable Content> since = new ArrayList<>();

    @Nullable Content latest() {
      return since.isEmpty() ? synced : since.get(since.size() - 1);
    }
  }

  /** A file, under whatever name. */
  private static final class Content {
    private byte[] synced = {};
    private final List<Event> since = new ArrayList<>();

    void sync() {
      for (Event event : since) {
        synced = applied(synced, event);
      }
      since.clear();
    }
  }

  private static byte[] applied(byte[] before, Event event) {
    int offset = (int) event.offset();
    return switch (event.operation()) {
      case TRUNCATE -> Arrays.copyOf(before, offset);
      case WRITE -> {
        int end = offset + event.data().length;
        byte[] after = before.length < end ? Arrays.copyOf(before, end) : before.clone();
        System.arraycopy(event.data(), 0, after, offset, event.data().length);
        yield after;
      }
      default -> throw new IllegalArgumentException("nothing for a file: " + event.kind());
    };
  }

  /** The machine does it, in memory but for a sync. */
  void perform(Event event) {
    switch (event.operation()) {
      case CREATE -> entry(event.name()).since.add(new Content());
      case UNLINK -> entry(event.name()).since.add(null);
      case WRITE, TRUNCATE -> content(event.name()).since.add(event);
      case SYNC -> sync(event.name());
      default -> {}
    }
  }

  private void sync(String name) {
    if (!name.isEmpty()) {
      content(name).sync();
      return;
    }
    for (Entry entry : directory.values()) {
      entry.synced = entry.latest();
      entry.since.clear();
    }
  }

  private Entry entry(String name) {
    return directory.computeIfAbsent(name, same -> new Entry());
  }

  private Content content(String name) {
    Content content = entry(name).latest();
    if (content == null) {
      throw new IllegalArgumentException("written before it was created: " + name);
    }
    return content;
  }

  /** What became of that which was not synced. */
  static final class Losses {
    private long written;
    private long torn;
    private long dropped;
    private long bytes;
    private long names;

    void add(Losses other) {
      written += other.written;
      torn += other.torn;
      dropped += other.dropped;
      bytes += other.bytes;
      names += other.names;
    }

    /** Writes and truncations that came through in whole. */
    long written() {
      return written;
    }

    /** Writes of which some sectors are old or noise. */
    long torn() {
      return torn;
    }

    /** Writes and truncations that are not there at all. */
    long dropped() {
      return dropped;
    }

    /** How much of the writes is not there. */
    long bytes() {
      return bytes;
    }

    /** Creations and removals of files that did not come through. */
    long names() {
      return names;
    }
  }

  /** Puts into an empty place what is found there after the power went, as chance has it. */
  Losses writeTo(Path place, Random random) throws IOException {
    Losses losses = new Losses();
    double whole = SHARES[random.nextInt(SHARES.length)];
    double torn = SHARES[random.nextInt(SHARES.length)];
    for (Map.Entry<String, Entry> each : directory.entrySet()) {
      String name = each.getKey();
      Entry entry = each.getValue();
      int kept = random.nextInt(entry.since.size() + 1);
      losses.names += entry.since.size() - kept;
      Content content = kept == 0 ? entry.synced : entry.since.get(kept - 1);
      if (content == null || (name.endsWith("-shm") && random.nextBoolean())) {
        continue;
      }
      byte[] found =
          name.endsWith("-shm")
              ? noise(INDEX_BYTES, random)
              : found(content, whole, torn, random, losses);
      Files.write(place.resolve(name), found);
    }
    return losses;
  }

  private static byte[] found(
      Content content, double whole, double torn, Random random, Losses losses) {
    byte[] found = content.synced.clone();
    for (Event event : content.since) {
      if (random.nextDouble() < whole) {
        found = applied(found, event);
        losses.written++;
      } else if (event.operation() == FaultyDisk.Operation.WRITE && random.nextDouble() < torn) {
        found = torn(found, event, random, losses);
        losses.torn++;
      } else {
        losses.dropped++;
        losses.bytes += event.length();
      }
    }
    return found;
  }

  private static byte[] torn(byte[] before, Event event, Random random, Losses losses) {
    byte[] found = before;
    long end = event.offset() + event.length();
    for (long from = event.offset(); from < end; ) {
      long to = Math.min(end, (from / SECTOR + 1) * SECTOR);
      int start = (int) (from - event.offset());
      byte[] part = Arrays.copyOfRange(event.data(), start, (int) (to - event.offset()));
      int fate = random.nextInt(8);
      if (fate == 0) {
        part = noise(part.length, random);
      }
      if (fate < 4) {
        found = applied(found, new Event(event.operation(), event.name(), from, part));
      }
      if (fate == 0 || fate >= 4) {
        losses.bytes += part.length;
      }
      from = to;
    }
    return found;
  }

  private static byte[] noise(int length, Random random) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  /** Sizes as they are in memory, for messages. */
  @Override
  public String toString() {
    Map<String, String> sizes = new HashMap<>();
    directory.forEach(
        (name, entry) -> {
          Content content = entry.latest();
          sizes.put(
              name,
              content == null
                  ? "removed"
                  : content.synced.length + " bytes and " + content.since.size() + " changes");
        });
    return sizes.toString();
  }
}
