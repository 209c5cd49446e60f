package io.github.miniscan.pubsub;

import com.google.pubsub.v1.ReceivedMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where pullers put what they fetched. Safe for use by several threads. */
interface Intake {

  /**
   * Takes it all in, or hands it back once the source was stopped.
   *
   * @param leaseLength how long the server holds the messages for us; null when not known
   * @param transfer how long they took to arrive, while the server held them already
   * @return how many bytes of the budget that took
   */
  long accept(List<ReceivedMessage> arrived, @Nullable Duration leaseLength, Duration transfer);
}
