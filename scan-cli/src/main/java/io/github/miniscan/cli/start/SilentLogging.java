package io.github.miniscan.cli.start;

import io.github.miniscan.cli.options.Logging;

/**
 * No logging, until {@link Logging} starts: the libraries of a command that does not log find
 * nobody to log to, and nothing is set up for them.
 */
public final class SilentLogging {

  private static final String PROVIDER = "slf4j.provider";
  private static final String NONE = "org.slf4j.helpers.NOP_FallbackServiceProvider";
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  private SilentLogging() {}

  /** To be called before anything logs; what the user has set stays. */
  public static void begin() {
    if (System.getProperty(PROVIDER) == null) {
      System.setProperty(PROVIDER, NONE);
      if (System.getProperty(VERBOSITY) == null) {
        // Otherwise SLF4J tells on standard error which provider it was given.
        System.setProperty(VERBOSITY, "WARN");
      }
    }
  }

  /** To be called before anything logs, too: from here on the usual provider is looked for. */
  public static void end() {
    if (NONE.equals(System.getProperty(PROVIDER))) {
      System.clearProperty(PROVIDER);
    }
  }
}
