package io.github.miniscan.peers.camel;

import io.github.miniscan.peers.brief.ScanMessage;
import org.apache.camel.builder.RouteBuilder;

/** One message at a time: pull, decode, one upsert, ack. Camel acks when the route is done. */
public final class OneByOne extends RouteBuilder {

  /** {@code ScanTable.UPSERT} with the names of {@code ScanMessage.row()}. */
  private static final String UPSERT =
      "sql:INSERT INTO scan(ip, port, service, last_scanned, response)"
          + " VALUES(:#ip, :#port, :#service, :#last_scanned, :#response)"
          + " ON CONFLICT(ip, port, service) DO UPDATE"
          + " SET last_scanned = excluded.last_scanned, response = excluded.response"
          + " WHERE excluded.last_scanned > scan.last_scanned?dataSource=#scans";

  private final String subscription;

  private OneByOne(String subscription) {
    this.subscription = subscription;
  }

  public static void main(String[] args) throws Exception {
    Route.run(args, (subscription, scans) -> new OneByOne(subscription));
  }

  @Override
  public void configure() {
    from(subscription)
        .unmarshal()
        .json(ScanMessage.class)
        .transform()
        .body(ScanMessage.class, ScanMessage::row)
        .to(UPSERT);
  }
}
