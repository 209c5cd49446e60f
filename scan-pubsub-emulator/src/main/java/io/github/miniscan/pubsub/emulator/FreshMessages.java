package io.github.miniscan.pubsub.emulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a subscription that nobody has had yet, first in first out, unless a test wants
 * them out of order: then the next one is drawn from a window at the front.
 */
final class FreshMessages {
  private final ArrayDeque<StoredMessage> waiting = new ArrayDeque<>();
  private final List<StoredMessage> window = new ArrayList<>();

  /** The one that is next, already drawn, so that looking and taking agree. */
  private @Nullable StoredMessage next;

  void add(StoredMessage message) {
    waiting.add(message);
  }

  int size() {
    return waiting.size() + window.size() + (next == null ? 0 : 1);
  }

  /**
   * Gives the next message without taking it, or null.
   *
   * @param windowSize how many messages at the front may change places; below 2 none do
   */
  @Nullable StoredMessage peek(int windowSize, Random random) {
    if (next == null) {
      next = draw(windowSize, random);
    }
    return next;
  }

  /** Takes the message that {@link #peek} gave. */
  void removeNext() {
    next = null;
  }

  List<StoredMessage> removeIf(Predicate<StoredMessage> gone) {
    List<StoredMessage> removed = new ArrayList<>();
    Predicate<StoredMessage> collect = message -> gone.test(message) && removed.add(message);
    if (next != null && collect.test(next)) {
      next = null;
    }
    window.removeIf(collect);
    waiting.removeIf(collect);
    return removed;
  }

  private @Nullable StoredMessage draw(int windowSize, Random random) {
    while (window.size() < windowSize && windowSize > 1 && !waiting.isEmpty()) {
      window.add(waiting.remove());
    }
    if (window.isEmpty()) {
      return waiting.poll();
    }
    int chosen = random.nextInt(window.size());
    StoredMessage last = window.remove(window.size() - 1);
    return chosen == window.size() ? last : window.set(chosen, last);
  }
}
