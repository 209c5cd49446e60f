package io.github.miniscan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class SubcommandTest {

  @ParameterizedTest
  @MethodSource("all")
  void isCalledWhatItsAnnotationSays(Subcommand subcommand) {
    assertThat(subcommand.type().getAnnotation(Command.class).name()).isEqualTo(subcommand.name());
  }

  static Stream<Subcommand> all() {
    return ScanCommand.SUBCOMMANDS.stream()
        .flatMap(each -> Stream.concat(Stream.of(each), each.subcommands().stream()));
  }

  @Test
  void theOneThatIsAskedForIsTheOnlyOne() {
    CommandLine scan = Subcommand.commandLine("dead-letters", "list", "--format", "json");

    assertThat(scan.getSubcommands()).containsOnlyKeys("dead-letters");
    assertThat(scan.getSubcommands().get("dead-letters").getSubcommands()).containsOnlyKeys("list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--help", "help query", "generate-completion", "qery", "@file"})
  void allOfThemAreThereForWhateverElseIsAskedFor(String arguments) {
    String[] args = arguments.isEmpty() ? new String[0] : arguments.split(" ");

    CommandLine scan = Subcommand.commandLine(args);

    assertThat(scan.getSubcommands().keySet())
        .containsExactly(
            "demo",
            "consume",
            "query",
            "dead-letters",
            "publish",
            "emulator",
            "generate-completion",
            "help");
    assertThat(scan.getSubcommands().get("dead-letters").getSubcommands().keySet())
        .containsExactly("list", "show", "replay", "purge");
  }

  @Test
  void allOfACommandsOwnAreThereForItsHelp() {
    CommandLine scan = Subcommand.commandLine("dead-letters", "--help");

    assertThat(scan.getSubcommands().get("dead-letters").getSubcommands()).hasSize(4);
  }
}
