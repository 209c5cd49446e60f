package io.github.miniscan.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** The program, run in this process through its real entry. */
final class ProgramUnderTest {

  private ProgramUnderTest() {}

  /** How a run ended, and what it wrote. */
  record Result(int status, String out, String err) {

    List<String> lines() {
      return out.lines().toList();
    }
  }

  static Result run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      texts[i] = args[i].toString();
    }
    int status = Main.run(new PrintWriter(out), new PrintWriter(err), texts);
    return new Result(status, out.toString(), err.toString());
  }
}
