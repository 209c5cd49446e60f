package io.github.miniscan.pubsub.emulator;

import io.grpc.Status;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checked name of the form {@code projects/P/topics/T} or {@code projects/P/subscriptions/S}.
 *
 * @see <a href="https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names">Resource
 *     names</a>
 */
record ResourceName(String project, String collection, String id) {
  static final String TOPICS = "topics";
  static final String SUBSCRIPTIONS = "subscriptions";

  /** The topic that Google names in a subscription whose topic was deleted. */
  static final String DELETED_TOPIC = "_deleted-topic_";

  private static final Pattern FORM =
      Pattern.compile(
          "projects/([^/]+)/(topics|subscriptions)/([A-Za-z][A-Za-z0-9\\-_.~+%]{2,254})");
  private static final Pattern PROJECT = Pattern.compile("projects/[^/]+");

  static ResourceName topic(String name) {
    return of(name, TOPICS);
  }

  static ResourceName subscription(String name) {
    return of(name, SUBSCRIPTIONS);
  }

  /** The checked {@code projects/P}. */
  static String project(String name) {
    if (!PROJECT.matcher(name).matches()) {
      throw invalid("projects", name);
    }
    return name;
  }

  private static ResourceName of(String name, String collection) {
    Matcher matcher = FORM.matcher(name);
    if (!matcher.matches()
        || !matcher.group(2).equals(collection)
        || matcher.group(3).toLowerCase(Locale.ROOT).startsWith("goog")) {
      throw invalid(collection, name);
    }
    return new ResourceName(matcher.group(1), collection, matcher.group(3));
  }

  private static RuntimeException invalid(String collection, String name) {
    return Status.INVALID_ARGUMENT
        .withDescription("Invalid [" + collection + "] name: (name=" + name + ")")
        .asRuntimeException();
  }

  @Override
  public String toString() {
    return "projects/" + project + "/" + collection + "/" + id;
  }
}
