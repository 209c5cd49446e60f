package io.github.miniscan.pubsub;

/** Full names of topics and subscriptions: {@code projects/P/COLLECTION/ID}. */
final class Names {

  private Names() {}

  static String full(String project, String collection, String name) {
    return name.startsWith("projects/")
        ? name
        : "projects/" + project + "/" + collection + "/" + name;
  }

  /**
   * Checks the form of a name. The server checks its characters.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  static String check(String fullName, String collection) {
    if (!fullName.matches("projects/[^/\\s]+/" + collection + "/[^/\\s]+")) {
      throw new IllegalArgumentException(
          "malformed name: "
              + fullName
              + " (expected projects/PROJECT/"
              + collection
              + "/NAME, or a name alone)");
    }
    return fullName;
  }
}
