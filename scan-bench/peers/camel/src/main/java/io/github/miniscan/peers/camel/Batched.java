package io.github.miniscan.peers.camel;

import static org.apache.camel.component.google.pubsub.GooglePubsubConstants.GOOGLE_PUBSUB_ACKNOWLEDGE;

import io.github.miniscan.peers.brief.ScanMessage;
import io.github.miniscan.peers.brief.ScanTable;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.google.pubsub.consumer.GooglePubsubAcknowledge;
import org.apache.camel.processor.aggregate.GroupedMessageAggregationStrategy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Batched by hand: messages are aggregated, written in one transaction, then acked. Camel by itself
 * acks each as soon as the aggregator has it, so the route must ack and nack.
 */
public final class Batched extends RouteBuilder {

  private static final int BATCH = 10_000;
  private static final String MESSAGES = "messages";

  private final String subscription;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;

  private Batched(String subscription, DataSource scans) {
    this.subscription = subscription;
    jdbc = new JdbcTemplate(scans);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(scans));
  }

  public static void main(String[] args) throws Exception {
    Route.run(args, Batched::new);
  }

  @Override
  public void configure() {
    onException(Exception.class)
        .process(exchange -> messages(exchange).forEach(one -> settler(one).nack(exchange)));

    from(subscription + "?ackMode=NONE")
        .unmarshal()
        .json(ScanMessage.class)
        .aggregate(constant(true), new GroupedMessageAggregationStrategy())
        .completionSize(BATCH)
        .completionTimeout(100)
        .completionTimeoutCheckerInterval(50)
        .setProperty(MESSAGES, body())
        .process(this::write)
        .process(exchange -> messages(exchange).forEach(one -> settler(one).ack(exchange)));
  }

  private void write(Exchange exchange) {
    List<Object[]> rows =
        messages(exchange).stream()
            .map(message -> message.getBody(ScanMessage.class))
            .sorted(ScanMessage.BY_KEY)
            .map(ScanMessage::columns)
            .toList();
    transaction.executeWithoutResult(status -> jdbc.batchUpdate(ScanTable.UPSERT, rows));
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
