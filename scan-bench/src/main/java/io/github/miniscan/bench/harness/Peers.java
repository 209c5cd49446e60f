package io.github.miniscan.bench.harness;

import io.github.miniscan.bench.harness.Contestant.Launch;
import io.github.miniscan.bench.harness.Contestant.Pace;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The contestants outside of this build: each {@code
 * scan-bench/peers/PEER/contestants/*.properties} describes one, which takes part when the peer was
 * built, that is, when its {@code target} has a jar.
 *
 * <p>The properties: {@code name}; {@code main}, the class to run; {@code arguments}, separated by
 * spaces, in which {endpoint}, {project}, {subscription} and {database} stand for what they say;
 * {@code pace}, fast, slow or none; {@code goal}, how many times as fast {@code consume} is to be,
 * or none; {@code select}, which gives ip, port, service, first_scanned, last_scanned and response
 * of each row. The class path is the jars in {@code target} and {@code target/lib}.
 */
final class Peers {

  private Peers() {}

  /** Those that were built; says of the others that they are left out. */
  static List<Contestant> find(Path root) throws IOException {
    Path peers = root.resolve("scan-bench/peers");
    List<Contestant> found = new ArrayList<>();
    for (Path description : descriptions(peers)) {
      Path peer = description.resolve("../..").normalize();
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(description)) {
        properties.load(reader);
      }
      if (isBuilt(peer)) {
        found.add(contestant(peer, properties));
      } else {
        Progress.say(
            "%s is left out, since it was not built: mvn -f %s package"
                .formatted(properties.getProperty("name"), root.relativize(peers)));
      }
    }
    return found;
  }

  private static List<Path> descriptions(Path peers) throws IOException {
    if (!Files.isDirectory(peers)) {
      return List.of();
    }
    try (Stream<Path> files = Files.find(peers, 3, (path, is) -> isDescription(path))) {
      return files.sorted().toList();
    }
  }

  private static boolean isDescription(Path path) {
    return path.toString().endsWith(".properties")
        && path.resolve("..").normalize().endsWith("contestants");
  }

  private static boolean isBuilt(Path peer) throws IOException {
    Path target = peer.resolve("target");
    if (!Files.isDirectory(target)) {
      return false;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "*.jar")) {
      return jars.iterator().hasNext();
    }
  }

  private static Contestant contestant(Path peer, Properties properties) throws IOException {
    String main = required(peer, properties, "main");
    String arguments = required(peer, properties, "arguments");
    String classPath =
        peer.resolve("target") + "/*" + File.pathSeparator + peer.resolve("target/lib") + "/*";
    Launch launch =
        task -> {
          List<String> command = new ArrayList<>(Java.command());
          command.addAll(List.of("-cp", classPath, main));
          for (String argument : arguments.trim().split("\\s+")) {
            command.add(
                argument
                    .replace("{endpoint}", task.endpoint())
                    .replace("{project}", task.project())
                    .replace("{subscription}", task.subscription())
                    .replace("{database}", task.database().toString()));
          }
          return command;
        };
    String goal = properties.getProperty("goal");
    return new Contestant(
        required(peer, properties, "name"),
        Pace.valueOf(properties.getProperty("pace", "fast").toUpperCase(Locale.ROOT)),
        goal == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(goal)),
        launch,
        StoreCheck.ofKeys(required(peer, properties, "select")));
  }

  private static String required(Path peer, Properties properties, String key) throws IOException {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IOException("a description of a contestant of " + peer + " lacks " + key);
    }
    return value;
  }
}
