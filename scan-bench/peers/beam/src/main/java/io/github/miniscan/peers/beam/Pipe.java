package io.github.miniscan.peers.beam;

import io.github.miniscan.peers.brief.ScanMessage;
import io.github.miniscan.peers.brief.ScanTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
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

  /**
   * Runs until the pipeline fails or the process is ended.
   *
   * @param args server, as HOST:PORT; project; subscription; SQLite file
   */
  public static void main(String[] args) throws Exception {
    String subscription = "projects/" + args[1] + "/subscriptions/" + args[2];
    String url = ScanTable.url(args[3]);
    ScanTable.create(url);

    PubsubOptions options = PipelineOptionsFactory.create().as(PubsubOptions.class);
    options.setProject(args[1]);
    options.setCredentialFactoryClass(NoopCredentialFactory.class);
    options.setPubsubRootUrl("http://" + args[0]);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(PubsubIO.readMessages().fromSubscription(subscription))
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
