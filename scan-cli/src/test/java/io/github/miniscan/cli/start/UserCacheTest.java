package io.github.miniscan.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserCacheTest {

  private static final String HOME = Path.of("home").toAbsolutePath().toString();
  private static final String ELSEWHERE = Path.of("elsewhere").toAbsolutePath().toString();

  @Test
  void followsTheCustomOfEachSystem() {
    assertThat(UserCache.directory("Linux", HOME, Map.of()))
        .contains(Path.of(HOME, ".cache", "miniscan"));
    assertThat(UserCache.directory("Mac OS X", HOME, Map.of()))
        .contains(Path.of(HOME, "Library", "Caches", "miniscan"));
    assertThat(UserCache.directory("Windows 11", HOME, Map.of("LOCALAPPDATA", ELSEWHERE)))
        .contains(Path.of(ELSEWHERE, "miniscan"));
  }

  @Test
  void heedsTheXdgVariable() {
    assertThat(UserCache.directory("Linux", HOME, Map.of("XDG_CACHE_HOME", ELSEWHERE)))
        .contains(Path.of(ELSEWHERE, "miniscan"));
  }

  @Test
  void ignoresAnXdgVariableThatIsNotAbsolute() {
    assertThat(UserCache.directory("Linux", HOME, Map.of("XDG_CACHE_HOME", "cache")))
        .contains(Path.of(HOME, ".cache", "miniscan"));
  }

  @Test
  void thereIsNoneWithoutAHome() {
    assertThat(UserCache.directory("Linux", "?", Map.of())).isEmpty();
    assertThat(UserCache.directory("Linux", null, Map.of())).isEmpty();
    assertThat(UserCache.directory("Windows 11", HOME, Map.of())).isEmpty();
  }
}
