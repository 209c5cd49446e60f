package io.github.miniscan.cli.consume;

import io.github.miniscan.cli.options.ChoiceConverter;
import io.github.miniscan.cli.options.ServerOptions;
import io.github.miniscan.pubsub.PubSubOptions;
import io.github.miniscan.pubsub.PubSubServer;
import io.github.miniscan.pubsub.PubSubSource;
import io.github.miniscan.pubsub.PullMode;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which source: the one place that knows the sources that there are. */
final class SourceOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--subscription",
      paramLabel = "NAME",
      description = "The subscription. Default: ${DEFAULT-VALUE}.")
  private String subscription = "scan-sub";

  @Option(
      names = "--pull",
      paramLabel = "MODE",
      converter = PullModeConverter.class,
      description =
          "How to pull: auto, streaming or unary. Default: auto, which is streaming on Google Cloud"
              + " and unary on an emulator, since Google's emulator goes on feeding the stream of"
              + " a consumer that was killed.")
  private PullMode pullMode = PullMode.AUTO;

  /**
   * Returns the source that was asked for.
   *
   * @param connectTimeout how long opening may wait for the server
   * @throws ParameterException when an option or a variable is malformed
   */
  SourceLocation location(Duration connectTimeout) {
    PubSubServer reached = server.server().withConnectTimeout(connectTimeout);
    PubSubOptions options = options();
    return budget -> PubSubSource.open(reached, options, budget);
  }

  private PubSubOptions options() {
    try {
      return PubSubOptions.of(server.project(), subscription).withPullMode(pullMode);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static final class PullModeConverter extends ChoiceConverter<PullMode> {
    PullModeConverter() {
      super(PullMode.class);
    }
  }
}
