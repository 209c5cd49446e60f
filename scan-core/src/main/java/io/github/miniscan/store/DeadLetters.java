package io.github.miniscan.store;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The messages that could not become records. They are added as part of a batch; see {@link
 * BatchWriter}. Safe for use by several threads, while others write.
 */
public interface DeadLetters {

  /**
   * All dead letters, in the order in which they were received and then of their ids.
   *
   * <p>The stream is lazy, holds no lock that would stop a writer, and must be closed.
   *
   * @throws StoreException at once or while the stream is consumed, when the store can not be read
   */
  Stream<DeadLetter> deadLetters();

  /** The dead letter with this id. */
  Optional<DeadLetter> deadLetter(String id);

  /**
   * Gives the dead letter with this id another reason; does nothing when there is none. Durable on
   * return.
   */
  void updateReason(String id, Reason reason, String detail);

  /**
   * Removes dead letters for good. Durable on return.
   *
   * @return how many there were
   */
  int removeDeadLetters(Collection<String> ids);
}
