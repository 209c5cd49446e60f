package io.github.miniscan.cli.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --project}, alike for all commands that talk to a Pub/Sub server. */
public final class ProjectOption {

  private static final String VARIABLE = "PUBSUB_PROJECT_ID";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--project",
      paramLabel = "PROJECT",
      description = "The Google Cloud project. Default: $PUBSUB_PROJECT_ID, else test-project.")
  private @Nullable String project;

  /** Returns the project: the option, else the variable, else the default. */
  public String project() {
    String chosen =
        project != null ? project : Environment.variable(VARIABLE).orElse("test-project");
    if (!chosen.matches("[^/\\s]+")) {
      throw new ParameterException(
          spec.commandLine(),
          "malformed project: \"" + chosen + "\"" + (project != null ? "" : " in $" + VARIABLE));
    }
    return chosen;
  }
}
