package io.github.miniscan.cli.emulator;

import io.github.miniscan.cli.options.Logging;
import io.github.miniscan.cli.options.PortConverter;
import io.github.miniscan.cli.options.ProjectOption;
import io.github.miniscan.cli.options.UserException;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.start.StopSignals;
import io.github.miniscan.pubsub.emulator.EmulatorOptions;
import io.github.miniscan.pubsub.emulator.PubSubEmulator;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs our own Pub/Sub server. */
@Command(
    name = "emulator",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a Pub/Sub server in memory, gRPC and REST on one port, for trying things out and for"
          + " tests.",
      "",
      "It begins with the topic and the subscription given below, and forgets everything when it"
          + " ends.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  scan emulator",
      "  export PUBSUB_EMULATOR_HOST=localhost:8085",
      "  curl -X PUT localhost:8085/v1/projects/test-project/topics/another"
    })
public final class EmulatorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Where to listen; everybody who can reach it gets in. Default: ${DEFAULT-VALUE}.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8085",
      converter = PortConverter.class,
      description = "The port, 0 for a free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Mixin private ProjectOption projectOption = new ProjectOption();

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      defaultValue = PubSubEmulator.KIT_TOPIC,
      description = "The topic to begin with. Default: ${DEFAULT-VALUE}.")
  private String topic = "";

  @Option(
      names = "--subscription",
      paramLabel = "NAME",
      defaultValue = PubSubEmulator.KIT_SUBSCRIPTION,
      description = "The subscription to begin with. Default: ${DEFAULT-VALUE}.")
  private String subscription = "";

  @Mixin private Logging logging = new Logging();

  @Override
  public Integer call() throws InterruptedException {
    String project = projectOption.project();
    logging.start();
    CountDownLatch stopped = new CountDownLatch(1);
    StopSignals.onFirst(stopped::countDown);
    try (PubSubEmulator emulator = start()) {
      create(emulator, project);
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "Pub/Sub emulator on "
              + emulator.endpoint()
              + ", project "
              + project
              + ", topic "
              + topic
              + ", subscription "
              + subscription
              + " (Ctrl-C ends it)");
      stopped.await();
    }
    return ExitStatus.DONE;
  }

  private void create(PubSubEmulator emulator, String project) {
    try {
      emulator.createTopic(project, topic);
      emulator.createSubscription(project, subscription, topic);
    } catch (StatusRuntimeException e) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(e.getStatus().getDescription()), e);
    }
  }

  private PubSubEmulator start() {
    try {
      return PubSubEmulator.start(EmulatorOptions.defaults().withHost(host).withPort(port));
    } catch (IOException e) {
      throw new UserException(
          e.getMessage() + " (is the port in use? Try --port 0 for a free one)", e);
    }
  }
}
