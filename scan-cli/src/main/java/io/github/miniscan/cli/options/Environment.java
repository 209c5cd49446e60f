package io.github.miniscan.cli.options;

import java.util.Optional;

/** The environment variables of this process. */
final class Environment {

  private Environment() {}

  /**
   * Returns the value of a variable; an empty one is an absent one, as Google's clients have it.
   */
  static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }
}
