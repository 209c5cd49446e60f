package io.github.miniscan.peers.camel;

import static org.apache.camel.component.google.pubsub.GooglePubsubConstants.GOOGLE_PUBSUB_ACKNOWLEDGE;

import io.github.miniscan.peers.brief.ScanMessage;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.google.pubsub.consumer.GooglePubsubAcknowledge;
import org.apache.camel.processor.aggregate.GroupedMessageAggregationStrategy;

/**
 * Batched by hand: messages are aggregated, written in one transaction, then acked. Camel would ack
 * each as soon as the aggregator has it, so that the route must ack and nack itself.
 */
public final class Batched extends RouteBuilder {

  private static final int BATCH = Integer.getInteger("batch", 10_000);
  private static final String MESSAGES = "messages";

  public static void main(String[] args) throws Exception {
    Route.run(new Batched());
  }

  @Override
  public void configure() {
    onException(Exception.class)
        .process(exchange -> messages(exchange).forEach(one -> settler(one).nack(exchange)));

    from(Route.SUBSCRIPTION + "?ackMode=NONE")
        .unmarshal()
        .json(ScanMessage.class)
        .aggregate(constant(true), new GroupedMessageAggregationStrategy())
        .completionSize(BATCH)
        .completionTimeout(100)
        .completionTimeoutCheckerInterval(50)
        .setProperty(MESSAGES, body())
        .process(exchange -> exchange.getMessage().setBody(rows(exchange)))
        .to("direct:write")
        .process(exchange -> messages(exchange).forEach(one -> settler(one).ack(exchange)));

    from("direct:write").transacted("transaction").to(Route.UPSERT + "&batch=true");
  }

  private static List<Map<String, Object>> rows(Exchange exchange) {
    return messages(exchange).stream()
        .map(message -> message.getBody(ScanMessage.class).row())
        .toList();
  }

  /** The messages of the batch, or the one that never came to be in a batch. */
  @SuppressWarnings("unchecked")
  private static List<Message> messages(Exchange exchange) {
    List<Message> batch = exchange.getProperty(MESSAGES, List.class);
    return batch == null ? List.of(exchange.getMessage()) : batch;
  }

  private static GooglePubsubAcknowledge settler(Message message) {
    return message.getHeader(GOOGLE_PUBSUB_ACKNOWLEDGE, GooglePubsubAcknowledge.class);
  }
}
