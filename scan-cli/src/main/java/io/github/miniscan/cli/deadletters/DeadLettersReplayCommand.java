package io.github.miniscan.cli.deadletters;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.options.DeadLetterFilter;
import io.github.miniscan.cli.options.DurationConverter;
import io.github.miniscan.cli.options.FormatOption;
import io.github.miniscan.cli.options.Logging;
import io.github.miniscan.cli.options.ServerOptions;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.options.UserException;
import io.github.miniscan.cli.output.CountsWriter;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.decode.JsonScanDecoder;
import io.github.miniscan.ingest.DeadLetterReplay;
import io.github.miniscan.pubsub.PubSubPublisher;
import io.github.miniscan.pubsub.Republishing;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Gives dead letters another try. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Decodes dead letters again under the present rules and options, with their original publish"
          + " times. What becomes a record is stored, and its dead letter is removed; what still"
          + " fails stays, with its present reason. Prints {\"replayed\":N,\"kept\":N}.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  scan dead-letters replay --max-skew 48h",
      "  scan dead-letters replay --reason UNSUPPORTED_DATA_VERSION",
      "  scan dead-letters replay --to-topic scan-topic --emulator localhost:8085"
    })
public final class DeadLettersReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private FormatOption format = new FormatOption();
  @Mixin private DeadLetterFilter filter = new DeadLetterFilter();

  @Option(
      names = "--max-skew",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "24h",
      description =
          "How far after its publish time a scan may claim to be. Default: ${DEFAULT-VALUE}.")
  private Duration maxSkew = Duration.ZERO;

  @Option(
      names = "--to-topic",
      paramLabel = "TOPIC",
      description =
          "Publish them to this topic instead, and remove each only after the server confirmed it.")
  private @Nullable String topic;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private Logging logging = new Logging();

  @Override
  public Integer call() throws IOException, InterruptedException {
    logging.start();
    try (ScanStore opened = store.openExisting();
        Stream<DeadLetter> letters = opened.findDeadLetters(filter.query(opened))) {
      if (topic == null) {
        decode(opened, letters);
      } else {
        publish(opened, letters, topic);
      }
    }
    return ExitStatus.DONE;
  }

  private void decode(ScanStore opened, Stream<DeadLetter> letters) throws IOException {
    JsonScanDecoder decoder = new JsonScanDecoder(maxSkew, InstantSource.system());
    DeadLetterReplay.Result result =
        new DeadLetterReplay<ScanRecord>(decoder, opened, opened).run(letters);
    print(result.replayed(), result.kept());
  }

  private void publish(ScanStore opened, Stream<DeadLetter> letters, String toTopic)
      throws IOException, InterruptedException {
    try (PubSubPublisher publisher = open(toTopic)) {
      Republishing.Result result = new Republishing(publisher, opened).run(letters);
      print(result.replayed(), result.kept());
      if (result.failure().isPresent()) {
        Throwable failure = result.failure().get();
        throw new UserException(
            result.kept() + " dead letters were not published and stay: " + failure.getMessage(),
            failure);
      }
    }
  }

  private PubSubPublisher open(String toTopic) throws InterruptedException {
    try {
      return PubSubPublisher.open(server.server(), server.project(), toTopic);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void print(long replayed, long kept) throws IOException {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("replayed", replayed);
    counts.put("kept", kept);
    CountsWriter.write(spec.commandLine().getOut(), format.format(), counts);
  }
}
