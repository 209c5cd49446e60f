package io.github.miniscan.pubsub;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Publishes dead letters again, with their payloads and attributes, and removes each only after the
 * server has confirmed it. One that was confirmed and not removed, since the process ended in
 * between, is published again by the next run.
 */
public final class Republishing {

  private static final int CHUNK = 500;
  private static final long CHUNK_BYTES = 8L << 20;

  private final PubSubPublisher publisher;
  private final DeadLetters deadLetters;

  /** Creates a republishing to the publisher's topic; both stay the caller's to close. */
  public Republishing(PubSubPublisher publisher, DeadLetters deadLetters) {
    this.publisher = publisher;
    this.deadLetters = deadLetters;
  }

  /**
   * Publishes these dead letters, a part at a time. Ends early when the server takes none of a
   * part, unless the part is a single dead letter, which may be too large for it.
   *
   * @throws io.github.miniscan.store.StoreException when the store cannot be read or written; what
   *     was published and not removed stays in the store
   */
  public Result run(Stream<DeadLetter> letters) throws InterruptedException {
    Result result = new Result();
    Iterator<DeadLetter> remaining = letters.iterator();
    boolean goOn = true;
    while (goOn && remaining.hasNext()) {
      goOn = publish(nextChunk(remaining), result);
    }
    return result;
  }

  private static List<DeadLetter> nextChunk(Iterator<DeadLetter> remaining) {
    List<DeadLetter> chunk = new ArrayList<>();
    long bytes = 0;
    while (remaining.hasNext() && chunk.size() < CHUNK && bytes < CHUNK_BYTES) {
      DeadLetter letter = remaining.next();
      chunk.add(letter);
      bytes += letter.message().payload().length;
    }
    return chunk;
  }

  /** Returns whether to go on: the server took some, or refused one that is large alone. */
  private boolean publish(List<DeadLetter> chunk, Result result) throws InterruptedException {
    List<CompletableFuture<String>> published = new ArrayList<>(chunk.size());
    for (DeadLetter letter : chunk) {
      Message message = letter.message();
      published.add(publisher.publish(message.payload(), message.attributes()));
    }
    List<String> confirmed = new ArrayList<>(chunk.size());
    for (int i = 0; i < published.size(); i++) {
      try {
        published.get(i).join();
        confirmed.add(chunk.get(i).id());
      } catch (CompletionException e) {
        result.kept++;
        result.failure = e.getCause() == null ? e : e.getCause();
      }
    }
    if (!confirmed.isEmpty()) {
      result.replayed += deadLetters.removeDeadLetters(DeadLetterQuery.all().withIds(confirmed));
    }
    return !confirmed.isEmpty() || chunk.size() == 1;
  }

  /** The outcome of a run. */
  public static final class Result {

    private long replayed;
    private long kept;
    private @Nullable Throwable failure;

    private Result() {}

    /** Returns the number of dead letters that were published and removed. */
    public long replayed() {
      return replayed;
    }

    /** Returns the number of dead letters that were tried and stay. */
    public long kept() {
      return kept;
    }

    /** Returns the reason why the last of those stays; empty where none stays. */
    public Optional<Throwable> failure() {
      return Optional.ofNullable(failure);
    }
  }
}
