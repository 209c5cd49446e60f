package io.github.miniscan.cli.options;

import io.github.miniscan.pubsub.PubSubServer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code --project} and {@code --emulator}: which Pub/Sub server, alike for all commands. */
public final class ServerOptions {

  private static final String VARIABLE = "PUBSUB_EMULATOR_HOST";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ProjectOption project = new ProjectOption();

  @Option(
      names = "--emulator",
      paramLabel = "HOST:PORT",
      converter = EmulatorConverter.class,
      description =
          "A Pub/Sub emulator, such as localhost:8085. Default: $PUBSUB_EMULATOR_HOST, else Google"
              + " Cloud with application-default credentials.")
  private @Nullable PubSubServer emulator;

  /** Returns the project: the option, else the variable, else the default. */
  public String project() {
    return project.project();
  }

  /** Returns the server: the option, else the variable, else Google Cloud. */
  public PubSubServer server() {
    if (emulator != null) {
      return emulator;
    }
    Optional<String> address = Environment.variable(VARIABLE);
    try {
      return address.map(PubSubServer::emulator).orElseGet(PubSubServer::googleCloud);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "$" + VARIABLE + ": " + e.getMessage(), e);
    }
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
