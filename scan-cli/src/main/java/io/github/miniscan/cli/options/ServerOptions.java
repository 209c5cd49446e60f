package io.github.miniscan.cli.options;

import io.github.miniscan.pubsub.PubSubServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --project} and {@code --emulator}: which Pub/Sub server, alike for all commands. */
public final class ServerOptions {

  @Option(
      names = "--project",
      paramLabel = "PROJECT",
      defaultValue = "${env:PUBSUB_PROJECT_ID:-test-project}",
      description = "The Google Cloud project. Default: $PUBSUB_PROJECT_ID, else test-project.")
  private String project = "";

  @Option(
      names = "--emulator",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:PUBSUB_EMULATOR_HOST:-" + Option.NULL_VALUE + "}",
      converter = EmulatorConverter.class,
      description =
          "A Pub/Sub emulator, such as localhost:8085. Default: $PUBSUB_EMULATOR_HOST, else Google"
              + " Cloud with application-default credentials.")
  private @Nullable PubSubServer emulator;

  public String project() {
    return project;
  }

  /** The server that was asked for. */
  public PubSubServer server() {
    return emulator == null ? PubSubServer.googleCloud() : emulator;
  }

  private static final class EmulatorConverter implements ITypeConverter<PubSubServer> {
    @Override
    public PubSubServer convert(String value) {
      try {
        return PubSubServer.emulator(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
