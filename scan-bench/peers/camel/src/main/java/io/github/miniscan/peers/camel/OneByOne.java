package io.github.miniscan.peers.camel;

import io.github.miniscan.peers.brief.ScanMessage;
import org.apache.camel.builder.RouteBuilder;

/** One message at a time: pull, decode, one upsert, ack. Camel acks when the route is done. */
public final class OneByOne extends RouteBuilder {

  public static void main(String[] args) throws Exception {
    Route.run(new OneByOne());
  }

  @Override
  public void configure() {
    from(Route.SUBSCRIPTION)
        .unmarshal()
        .json(ScanMessage.class)
        .transform()
        .body(ScanMessage.class, ScanMessage::row)
        .to(Route.UPSERT);
  }
}
