package io.github.miniscan.store;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The messages that could not become records. They are added as part of a batch; see {@link
 * BatchWriter}. Safe for use by several threads, while others write.
 */
public interface DeadLetters {

  /**
   * Returns the dead letters that a query asks for, in the order in which they were received and
   * then of their ids.
   *
   * <p>The stream is lazy and must be closed. It reads in pages that are bounded in rows seen and
   * in bytes, and holds no lock, snapshot or cursor longer than a page.
   *
   * @throws StoreException at once or while the stream is consumed, when the store cannot be read
   */
  Stream<DeadLetter> findDeadLetters(DeadLetterQuery query);

  /** Returns the dead letter with this id. */
  default Optional<DeadLetter> findDeadLetter(String id) {
    DeadLetterQuery query = DeadLetterQuery.all().withIds(List.of(id));
    try (Stream<DeadLetter> found = findDeadLetters(query)) {
      return found.findFirst();
    }
  }

  /**
   * Gives the dead letter with this id another reason; does nothing where there is none. Durable on
   * return.
   */
  void updateReason(String id, Reason reason, String detail);

  /**
   * Removes for good the dead letters that a query asks for, and no other: a store looks at {@link
   * DeadLetterQuery#matches} before it removes one. Durable on return; when it throws, any part of
   * them may be gone. Removing takes time in proportion to their number, and stops no writer for
   * longer than a batch does.
   *
   * @return how many there were; of two callers that remove one at the same time, both may count it
   */
  long removeDeadLetters(DeadLetterQuery query);
}
