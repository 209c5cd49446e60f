package io.github.miniscan.ingest;

import java.time.Duration;

/**
 * Receives the events of a {@link MessageSource}: for logs and metrics.
 *
 * <p>A source calls its listener from threads of its own, several at a time. A listener must be
 * quick, and must not throw. Events may gain further values; new kinds of events are added as
 * methods that do nothing by default.
 */
public interface SourceListener {

  /** A listener that does nothing. */
  SourceListener NONE = new SourceListener() {};

  /** The connection is lost; the source retries until it is back. Told once for each loss. */
  default void connectionLost(ConnectionLost event) {}

  /** The connection is back after it was lost. */
  default void connectionFound(ConnectionFound event) {}

  /** Leases of deliveries that are not settled were extended. */
  default void leasesExtended(LeasesExtended event) {}

  /** Leases ran out or were refused, so the queue may redeliver these messages elsewhere. */
  default void leasesLost(LeasesLost event) {}

  /** Acks could not be sent in time, so the queue redelivers these messages. */
  default void acksGivenUp(AcksGivenUp event) {}

  /** A response broke off while it arrived, so the queue redelivers its messages. */
  default void responseBroken(ResponseBroken event) {}

  /** The event of {@link #connectionLost}. */
  final class ConnectionLost {
    private final String reason;

    private ConnectionLost(String reason) {
      this.reason = reason;
    }

    /** Returns an event with this reason. */
    public static ConnectionLost of(String reason) {
      return new ConnectionLost(reason);
    }

    /** Returns a sentence that names the server and says why, harmless to show. */
    public String reason() {
      return reason;
    }
  }

  /** The event of {@link #connectionFound}. */
  final class ConnectionFound {
    private final Duration lostFor;

    private ConnectionFound(Duration lostFor) {
      this.lostFor = lostFor;
    }

    /** Returns an event for a connection that was lost that long. */
    public static ConnectionFound of(Duration lostFor) {
      return new ConnectionFound(lostFor);
    }

    /** Returns how long the connection was lost. */
    public Duration lostFor() {
      return lostFor;
    }
  }

  /** The event of {@link #responseBroken}. */
  final class ResponseBroken {
    private final String reason;

    private ResponseBroken(String reason) {
      this.reason = reason;
    }

    /** Returns an event with this reason. */
    public static ResponseBroken of(String reason) {
      return new ResponseBroken(reason);
    }

    /** Returns a sentence that names the server and says why, harmless to show. */
    public String reason() {
      return reason;
    }
  }

  /** The event of {@link #leasesExtended}. */
  final class LeasesExtended {
    private final int deliveries;

    private LeasesExtended(int deliveries) {
      this.deliveries = deliveries;
    }

    /** Returns an event for this many deliveries. */
    public static LeasesExtended of(int deliveries) {
      return new LeasesExtended(deliveries);
    }

    /** Returns the number of deliveries, 1 or more. */
    public int deliveries() {
      return deliveries;
    }
  }

  /** The event of {@link #leasesLost}. */
  final class LeasesLost {
    private final int deliveries;

    private LeasesLost(int deliveries) {
      this.deliveries = deliveries;
    }

    /** Returns an event for this many deliveries. */
    public static LeasesLost of(int deliveries) {
      return new LeasesLost(deliveries);
    }

    /** Returns the number of deliveries, 1 or more. */
    public int deliveries() {
      return deliveries;
    }
  }

  /** The event of {@link #acksGivenUp}. */
  final class AcksGivenUp {
    private final int deliveries;

    private AcksGivenUp(int deliveries) {
      this.deliveries = deliveries;
    }

    /** Returns an event for this many deliveries. */
    public static AcksGivenUp of(int deliveries) {
      return new AcksGivenUp(deliveries);
    }

    /** Returns the number of deliveries, 1 or more. */
    public int deliveries() {
      return deliveries;
    }
  }
}
