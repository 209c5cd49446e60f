package io.github.miniscan.ingest;

import java.time.Duration;
import java.util.List;

/**
 * A source of deliveries: open, receive again and again, stop, close.
 *
 * <p>A source prefetches: while one batch is being committed the next one arrives, within the
 * {@link ByteBudget} and the limit by count that it was opened with. It keeps the lease of every
 * delivery that is not settled, however long that takes, and reconnects by itself when the
 * connection is lost, which is not an error. {@link #receive} and {@link #close} belong to one
 * thread; {@link #stop}, {@link #isConnected} and what settles a delivery are safe from any thread.
 *
 * <p>A source of a log, such as Kafka, has one position instead of a lease for each delivery. It
 * commits the position before which every delivery is acked. After a nack, and when it is opened
 * again, it redelivers everything from there on, what was acked included. {@link #receive} is not
 * called while the store is down, so a source that has to poll does so in a thread of its own.
 */
public interface MessageSource extends AutoCloseable {

  /**
   * Waits for the first delivery, and then takes whatever has arrived.
   *
   * @param maxDeliveries the most that are taken, at least 1; the rest stays for the next call
   * @param maxWait how long to wait for the first; zero does not wait
   * @return the deliveries in the order of their arrival; none when time ran out, or at once when
   *     the source was stopped
   * @throws SourceException when the source cannot continue, now or ever (the subscription is gone,
   *     permission was withdrawn); a lost connection is not such a case
   */
  List<Delivery> receive(int maxDeliveries, Duration maxWait) throws InterruptedException;

  /**
   * Returns whether the source is connected: the server has answered, in the way the source pulls,
   * since the connection was made or was last lost.
   */
  boolean isConnected();

  /**
   * Returns whether silence means that there is nothing to receive. The engine counts idle time
   * only while it does.
   *
   * @return true when the source is connected, the queue was empty by its last answer where the
   *     source can tell, and no other answer is arriving
   */
  default boolean isIdle() {
    return isConnected();
  }

  /**
   * Takes no more from the queue, hands back what was not received yet, and lets {@link #receive}
   * return at once with nothing. Deliveries that were received stay leased until they are settled.
   * Does not block; a second call does nothing.
   */
  void stop();

  /**
   * Stops, sends off the acks and nacks that are still under way, and lets go of the connection.
   * Blocks for a few seconds at the most. What was received and not settled is handed back. A
   * second call does nothing.
   */
  @Override
  void close();
}
