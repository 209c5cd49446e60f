package io.github.miniscan.cli;

import io.github.miniscan.OperatorException;
import io.github.miniscan.VisibleText;
import io.github.miniscan.cli.consume.ConsumeCommand;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.output.OutputException;
import io.github.miniscan.cli.output.StandardOutput;
import io.github.miniscan.cli.start.CommandLineArguments;
import io.github.miniscan.cli.start.SilentLogging;
import io.github.miniscan.ingest.GaveUpException;
import io.github.miniscan.pubsub.CredentialsException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The program: reads the command line, runs the command, and turns what went wrong into a status.
 */
public final class Main {

  private Main() {}

  /** Runs a command and exits with its status. */
  public static void main(String[] args) {
    // The locale must not decide how results look: everything is UTF-8.
    System.setErr(
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
    PrintWriter out = StandardOutput.ofProcess();
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    SilentLogging.begin();
    System.exit(runContained(out, err, CommandLineArguments.exact(args)));
  }

  /**
   * An error of the JVM, out of memory for one, ends the process too, whatever threads there are.
   */
  private static int runContained(PrintWriter out, PrintWriter err, String... args) {
    try {
      return run(out, err, args);
    } catch (Error e) {
      out.flush();
      err.println("scan: " + VisibleText.of(e.toString()) + "; nothing in hand was acknowledged");
      return ExitStatus.FAILED;
    }
  }

  /**
   * Runs a command in this process.
   *
   * @param results what takes the place of standard output; it is flushed, not closed
   * @return the exit status
   */
  public static int run(Writer results, PrintWriter err, String... args) {
    PrintWriter out =
        results instanceof StandardOutput output ? output : StandardOutput.on(results);
    CommandLine commandLine = Subcommand.commandLine(args);
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setExpandAtFiles(false);
    commandLine.setAllowOptionsAsOptionParameters(true);
    commandLine.setAbbreviatedOptionsAllowed(false);
    commandLine.setParameterExceptionHandler(new WrongUsage());
    commandLine.setExecutionExceptionHandler(new Failed());
    int status = commandLine.execute(args);
    boolean arrived = StandardOutput.hasArrived(out, err);
    return status == ExitStatus.DONE && !arrived ? ExitStatus.FAILED : status;
  }

  /** No lambda: a class-data archive can not hold one of an interface as old as picocli's. */
  private static final class WrongUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
      CommandLine command = wrong.getCommandLine();
      PrintWriter err = command.getErr();
      err.println(name(command) + ": " + VisibleText.of(String.valueOf(wrong.getMessage())));
      CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
      err.println("Try '" + name(command) + " --help'.");
      if (command.getCommand() instanceof ConsumeCommand) {
        ConsumeCommand.printNothingSettled(command.getOut());
      }
      return ExitStatus.WRONG_USAGE;
    }
  }

  /** No lambda, for the same reason. */
  private static final class Failed implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
        Exception failure, CommandLine command, ParseResult parsed) {
      if (failure instanceof OutputException) {
        // Main.run knows whether that is a failure.
        return ExitStatus.DONE;
      }
      PrintWriter err = command.getErr();
      String message = VisibleText.of(String.valueOf(failure.getMessage()));
      if (failure instanceof OperatorException) {
        err.println(name(command) + ": " + message + hint(failure));
      } else {
        err.println(name(command) + ": this should not have happened; please report it:");
        printTrace(failure, err);
      }
      return failure instanceof GaveUpException ? ExitStatus.GAVE_UP : ExitStatus.FAILED;
    }
  }

  private static String hint(Exception failure) {
    return failure instanceof CredentialsException
            || failure.getCause() instanceof CredentialsException
        ? "; for an emulator use --emulator localhost:8085"
        : "";
  }

  /** What went wrong may quote what a stranger wrote. */
  private static void printTrace(Exception failure, PrintWriter err) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    trace.toString().lines().forEach(line -> err.println("  " + VisibleText.of(line.strip())));
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }
}
