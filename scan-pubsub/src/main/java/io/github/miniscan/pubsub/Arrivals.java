package io.github.miniscan.pubsub;

import com.google.pubsub.v1.ReceivedMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the messages that pullers have fetched. Safe for use by several threads. */
interface Arrivals {

  /**
   * Takes the messages of a response in, or hands them back once the source was stopped.
   *
   * @param leaseLength the length of their leases; null when it is not known
   * @param transfer the time that they took to arrive, while they were leased already
   * @return the bytes of the budget that they take
   */
  long accept(List<ReceivedMessage> arrived, @Nullable Duration leaseLength, Duration transfer);

  /** Notes that a response began to arrive and will not end. */
  void brokeOff(Throwable failure);
}
