package io.github.miniscan.cli.start;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the programs of this user keep what they can make again. */
final class UserCache {

  private static final String PROGRAM = "miniscan";

  private UserCache() {}

  /**
   * This program's own directory there, which need not exist: by the XDG Base Directory
   * Specification, or by the custom of macOS or Windows. None where the system does not say.
   *
   * @param system as the property {@code os.name} has it
   * @param home as the property {@code user.home} has it
   */
  static Optional<Path> directory(
      String system, @Nullable String home, Map<String, String> environment) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return absolute(environment.get("LOCALAPPDATA")).map(cache -> cache.resolve(PROGRAM));
    }
    String inHome = name.startsWith("mac") ? "Library/Caches" : ".cache";
    return absolute(environment.get("XDG_CACHE_HOME"))
        .or(() -> absolute(home).map(path -> path.resolve(inHome)))
        .map(cache -> cache.resolve(PROGRAM));
  }

  private static Optional<Path> absolute(@Nullable String path) {
    if (path == null || path.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(path)).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
