package io.github.miniscan.peers.beam;

import io.github.miniscan.peers.brief.ScanMessage;
import io.github.miniscan.peers.brief.ScanTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptor;

/** A pipeline from the subscription to the table; the runner groups, writes and acks. */
public final class Pipe {

  private Pipe() {}

  public static void main(String[] args) throws Exception {
    String project = System.getenv("SCAN_PROJECT");
    String subscription = System.getenv("SCAN_SUBSCRIPTION");
    String url = ScanTable.url(System.getenv("SCAN_DB"));
    ScanTable.create(url);

    PubsubOptions options = PipelineOptionsFactory.create().as(PubsubOptions.class);
    options.setProject(project);
    options.setPubsubRootUrl("http://" + System.getenv("PUBSUB_EMULATOR_HOST"));
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(
            PubsubIO.readMessages()
                .fromSubscription("projects/" + project + "/subscriptions/" + subscription))
        .apply(
            MapElements.into(TypeDescriptor.of(ScanMessage.class))
                .via((PubsubMessage message) -> ScanMessage.parse(message.getPayload())))
        .setCoder(SerializableCoder.of(ScanMessage.class))
        .apply(
            JdbcIO.<ScanMessage>write()
                .withDataSourceConfiguration(
                    JdbcIO.DataSourceConfiguration.create("org.sqlite.JDBC", url))
                .withStatement(ScanTable.UPSERT)
                .withPreparedStatementSetter(Pipe::bind));
    pipeline.run().waitUntilFinish();
  }

  private static void bind(ScanMessage scan, PreparedStatement statement) throws SQLException {
    Object[] columns = scan.columns();
    for (int i = 0; i < columns.length; i++) {
      statement.setObject(i + 1, columns[i]);
    }
  }
}
