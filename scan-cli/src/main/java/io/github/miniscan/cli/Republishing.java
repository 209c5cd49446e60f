package io.github.miniscan.cli;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.ingest.DeadLetterReplay;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.store.DeadLetterQuery;
import io.github.miniscan.store.DeadLetters;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Publishes dead letters once more, and removes each only after the server has confirmed it. */
final class Republishing {

  private static final int CHUNK = 500;
  private static final long CHUNK_BYTES = 8L << 20;

  private final PubSubPublisher publisher;
  private final DeadLetters deadLetters;
  private long replayed;
  private long kept;

  Republishing(PubSubPublisher publisher, DeadLetters deadLetters) {
    this.publisher = publisher;
    this.deadLetters = deadLetters;
  }

  DeadLetterReplay.Result run(Stream<DeadLetter> letters) throws InterruptedException {
    Iterator<DeadLetter> remaining = letters.iterator();
    while (remaining.hasNext()) {
      replay(nextChunk(remaining));
    }
    return new DeadLetterReplay.Result(replayed, kept);
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

  private void replay(List<DeadLetter> chunk) throws InterruptedException {
    List<CompletableFuture<String>> published = new ArrayList<>(chunk.size());
    for (DeadLetter letter : chunk) {
      Message message = letter.message();
      published.add(publisher.publish(message.payload(), message.attributes()));
    }
    List<String> confirmed = new ArrayList<>(chunk.size());
    Throwable failure = null;
    for (int i = 0; i < published.size(); i++) {
      try {
        published.get(i).join();
        confirmed.add(chunk.get(i).id());
      } catch (CompletionException e) {
        failure = e.getCause() == null ? e : e.getCause();
        kept++;
      }
    }
    if (!confirmed.isEmpty()) {
      replayed += deadLetters.removeDeadLetters(DeadLetterQuery.all().withIds(confirmed));
    }
    if (failure != null && confirmed.isEmpty()) {
      throw new UserException(
          "the server took none of "
              + chunk.size()
              + " dead letters, which stay: "
              + failure.getMessage(),
          failure);
    }
  }
}
