package io.github.miniscan.peers.camel;

import com.zaxxer.hikari.HikariDataSource;
import io.github.miniscan.peers.brief.ScanTable;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.spring.spi.SpringTransactionPolicy;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** What both routes have in common: where messages come from and go to. */
final class Route {

  /** Where a route begins. */
  static final String SUBSCRIPTION =
      "google-pubsub:" + System.getenv("SCAN_PROJECT") + ":" + System.getenv("SCAN_SUBSCRIPTION");

  /** {@link ScanTable#UPSERT} with the names of {@code ScanMessage.row()}. */
  static final String UPSERT =
      "sql:INSERT INTO scan(ip, port, service, last_scanned, response)"
          + " VALUES(:#ip, :#port, :#service, :#last_scanned, :#response)"
          + " ON CONFLICT(ip, port, service) DO UPDATE"
          + " SET last_scanned = excluded.last_scanned, response = excluded.response"
          + " WHERE excluded.last_scanned > scan.last_scanned?dataSource=#scans";

  private Route() {}

  /** Runs a route until the process is told to stop. */
  static void run(RouteBuilder route) throws Exception {
    String url = ScanTable.url(System.getenv("SCAN_DB"));
    ScanTable.create(url);
    try (HikariDataSource scans = new HikariDataSource()) {
      scans.setJdbcUrl(url);
      // SQLite has one writer at a time: more connections would wait for its lock.
      scans.setMaximumPoolSize(1);
      Main main = new Main();
      main.bind("google-pubsub", new EmulatorPubSub(System.getenv("PUBSUB_EMULATOR_HOST")));
      main.bind("scans", scans);
      main.bind(
          "transaction", new SpringTransactionPolicy(new DataSourceTransactionManager(scans)));
      main.configure().addRoutesBuilder(route);
      main.run();
    }
  }
}
