package io.github.miniscan.peers.spring;

import com.google.cloud.spring.pubsub.core.PubSubTemplate;
import com.google.cloud.spring.pubsub.support.BasicAcknowledgeablePubsubMessage;
import io.github.miniscan.peers.brief.ScanMessage;
import io.github.miniscan.peers.brief.ScanTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Batched by hand: the client's threads decode, one thread writes what has gathered in one
 * transaction and acks it. (The template can also pull batches, each a round trip to wait for.)
 */
@Configuration
@EnableAutoConfiguration
public class Batched {

  private static final Logger LOG = LoggerFactory.getLogger(Batched.class);
  private static final int BATCH = 10_000;

  private record Arrival(ScanMessage scan, BasicAcknowledgeablePubsubMessage delivery) {}

  /** Bounded by the client's window. */
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

  public static void main(String[] args) {
    SpringApplication.run(Batched.class, args);
  }

  @Bean
  ApplicationRunner store(
      PubSubTemplate pubSub,
      JdbcTemplate jdbc,
      TransactionTemplate transaction,
      @Value("${scan.subscription}") String subscription) {
    return args -> {
      jdbc.execute(ScanTable.CREATE);
      pubSub.subscribe(subscription, this::arrived);
      List<Arrival> batch = new ArrayList<>();
      while (true) {
        batch.add(arrivals.take());
        arrivals.drainTo(batch, BATCH - 1);
        write(batch, jdbc, transaction);
        batch.clear();
      }
    };
  }

  private void arrived(BasicAcknowledgeablePubsubMessage delivery) {
    try {
      byte[] payload = delivery.getPubsubMessage().getData().toByteArray();
      arrivals.add(new Arrival(ScanMessage.parse(payload), delivery));
    } catch (RuntimeException e) {
      LOG.warn("malformed message: {}", e.getMessage());
      delivery.nack();
    }
  }

  private static void write(
      List<Arrival> batch, JdbcTemplate jdbc, TransactionTemplate transaction) {
    List<Object[]> rows =
        batch.stream()
            .map(Arrival::scan)
            .sorted(ScanMessage.BY_KEY)
            .map(ScanMessage::columns)
            .toList();
    try {
      transaction.executeWithoutResult(status -> jdbc.batchUpdate(ScanTable.UPSERT, rows));
      batch.forEach(arrival -> arrival.delivery().ack());
    } catch (RuntimeException e) {
      LOG.warn("{} messages not stored: {}", batch.size(), e.getMessage());
      batch.forEach(arrival -> arrival.delivery().nack());
    }
  }
}
