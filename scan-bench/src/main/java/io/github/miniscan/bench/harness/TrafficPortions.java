package io.github.miniscan.bench.harness;

import io.github.miniscan.traffic.Oracle;
import io.github.miniscan.traffic.TrafficGenerator;
import io.github.miniscan.traffic.TrafficMessage;
import io.github.miniscan.traffic.TrafficOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Traffic in portions that follow each other, so that a later one brings new scans of the keys of
 * those before. Each is a file, which is published to one contestant after the other.
 */
final class TrafficPortions implements AutoCloseable {

  private final TrafficGenerator traffic;
  private final Path file;
  private final Oracle oracle = new Oracle();

  TrafficPortions(TrafficOptions options, Path file) {
    this.traffic = new TrafficGenerator(options);
    this.file = file;
  }

  /**
   * Messages, and where they are until the next ones are asked for.
   *
   * @param file as {@link Publisher} takes it
   * @param count so many
   */
  record Portion(Path file, int count) {}

  /** The next so many messages. */
  Portion next(int count) throws IOException {
    List<byte[]> payloads = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      TrafficMessage message = traffic.next();
      oracle.published(message);
      payloads.add(message.payload());
    }
    Publisher.write(payloads, file);
    return new Portion(file, count);
  }

  /** What a store must hold that was given all portions so far. */
  Oracle oracle() {
    return oracle;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
