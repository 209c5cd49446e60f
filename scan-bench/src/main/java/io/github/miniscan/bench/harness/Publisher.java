package io.github.miniscan.bench.harness;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Starts the real {@code publish}. */
final class Publisher {

  /** A rate. */
  static final int UNLIMITED = 0;

  private static final long LONGEST_SECONDS = 1_800;

  private final HarnessOptions options;

  Publisher(HarnessOptions options) {
    this.options = options;
  }

  /** Publishes all messages of some traffic, and returns when they are there. */
  void publish(String endpoint, String topic, Traffic traffic)
      throws IOException, InterruptedException {
    try (ChildProcess publisher = start(endpoint, topic, traffic)) {
      publisher.awaitSuccess(LONGEST_SECONDS);
    }
  }

  /** Writes messages into a file that can be published, in base64. */
  static void write(List<byte[]> payloads, Path file) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (byte[] payload : payloads) {
        writer.write(Base64.getEncoder().encodeToString(payload));
        writer.write('\n');
      }
    }
  }

  /**
   * Publishes the lines of a file, each a message in base64, and returns when they are there.
   *
   * @param rate so many a second, or {@link #UNLIMITED}
   */
  void publish(String endpoint, String topic, Path file, int rate)
      throws IOException, InterruptedException {
    try (ChildProcess publisher =
        start(endpoint, topic, List.of("--file=" + file, "--base64", "--rate=" + rate))) {
      publisher.awaitSuccess(LONGEST_SECONDS);
    }
  }

  /** Starts to publish. */
  ChildProcess start(String endpoint, String topic, Traffic traffic, String... more)
      throws IOException {
    List<String> arguments = new ArrayList<>(traffic.arguments());
    arguments.addAll(List.of(more));
    return start(endpoint, topic, arguments);
  }

  private ChildProcess start(String endpoint, String topic, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(Java.command());
    command.addAll(Java.jar(options.cliJar()));
    command.addAll(
        List.of(
            "publish",
            "--emulator=" + endpoint,
            "--project=" + Server.PROJECT,
            "--topic=" + topic));
    command.addAll(arguments);
    return ChildProcess.start(
        "publish", command, Map.of(), options.directory().resolve("publish.log"));
  }
}
