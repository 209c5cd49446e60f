package io.github.miniscan.peers.spring;

import com.google.cloud.spring.pubsub.core.PubSubTemplate;
import com.google.cloud.spring.pubsub.integration.AckMode;
import com.google.cloud.spring.pubsub.integration.inbound.PubSubInboundChannelAdapter;
import io.github.miniscan.peers.brief.ScanMessage;
import io.github.miniscan.peers.brief.ScanTable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.annotation.ServiceActivator;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.messaging.MessageChannel;

/** One message at a time: pull, decode, one upsert; the adapter acks when the handler is done. */
@Configuration
@EnableAutoConfiguration
@EnableIntegration
public class OneByOne {

  private final JdbcTemplate jdbc;

  public OneByOne(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
    jdbc.execute(ScanTable.CREATE);
  }

  public static void main(String[] args) {
    SpringApplication.run(OneByOne.class, args);
  }

  @Bean
  MessageChannel scans() {
    return new DirectChannel();
  }

  @Bean
  PubSubInboundChannelAdapter adapter(
      PubSubTemplate template,
      MessageChannel scans,
      @Value("${scan.subscription}") String subscription) {
    PubSubInboundChannelAdapter adapter = new PubSubInboundChannelAdapter(template, subscription);
    adapter.setOutputChannel(scans);
    adapter.setAckMode(AckMode.AUTO);
    return adapter;
  }

  @ServiceActivator(inputChannel = "scans")
  void store(byte[] payload) {
    jdbc.update(ScanTable.UPSERT, ScanMessage.parse(payload).columns());
  }
}
