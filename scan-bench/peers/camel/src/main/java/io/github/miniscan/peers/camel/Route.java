package io.github.miniscan.peers.camel;

import com.zaxxer.hikari.HikariDataSource;
import io.github.miniscan.peers.brief.ScanTable;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** What both routes have in common: how they are run, and the data source {@code scans}. */
final class Route {

  private Route() {}

  /** Makes a route from where messages come from, as a URI, and where they go to. */
  interface Maker {
    RouteBuilder make(String subscription, DataSource scans);
  }

  /**
   * Runs a route until the process is told to stop.
   *
   * @param args server, as HOST:PORT; project; subscription; SQLite file
   */
  static void run(String[] args, Maker maker) throws Exception {
    String url = ScanTable.url(args[3]);
    ScanTable.create(url);
    try (HikariDataSource scans = new HikariDataSource()) {
      scans.setJdbcUrl(url);
      // SQLite has one writer at a time: more connections would wait for its lock.
      scans.setMaximumPoolSize(1);
      Main main = new Main();
      main.bind("google-pubsub", new EmulatorPubSub(args[0]));
      main.bind("scans", scans);
      String subscription = "google-pubsub:" + args[1] + ":" + args[2];
      main.configure().addRoutesBuilder(maker.make(subscription, scans));
      main.run();
    }
  }
}
