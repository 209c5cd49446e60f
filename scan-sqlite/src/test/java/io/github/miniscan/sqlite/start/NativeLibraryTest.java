package io.github.miniscan.sqlite.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.miniscan.sqlite.SqliteScanStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What shows without loading it, which a JVM can do but once. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class NativeLibraryTest {

  private static final FileTime LONG_AGO = FileTime.from(Instant.ofEpochSecond(1_000_000_000));

  private final Properties before = System.getProperties();
  private final List<Path> loaded = new ArrayList<>();
  private boolean loadable = true;
  @TempDir private Path home;
  private Path directory;

  @BeforeEach
  void startAsIfNothingWasSet() throws IOException {
    Properties own = new Properties();
    own.putAll(before);
    own.remove("org.sqlite.lib.path");
    own.remove("org.sqlite.lib.name");
    System.setProperties(own);
    directory = home.toRealPath().resolve("program");
  }

  @AfterEach
  void putBackWhatWasSet() {
    System.setProperties(before);
  }

  @Test
  void tellsTheDriverWhereItsLibraryIs() throws IOException {
    assertThat(keep()).isTrue();

    assertThat(System.getProperty("org.sqlite.lib.path"))
        .isEqualTo(directory.toRealPath().toString());
    assertThat(System.getProperty("org.sqlite.lib.name"))
        .isEqualTo(library().getFileName().toString())
        .matches("[0-9.]+-\\w+(-Musl)?-\\w+-[0-9a-f]{8}-libsqlitejdbc\\.(so|dylib)");
    assertThat(Files.size(library())).isGreaterThan(100_000);
    assertThat(loaded).containsExactly(library());
  }

  @Test
  void unpacksItOnce() throws IOException {
    keep();
    Files.setLastModifiedTime(library(), LONG_AGO);

    assertThat(keepAgain()).isTrue();

    assertThat(Files.getLastModifiedTime(library())).isEqualTo(LONG_AGO);
  }

  @Test
  void takesItsNoteForTheJarThatItWasTakenOf() throws IOException {
    keep();
    Files.setLastModifiedTime(note(), LONG_AGO);

    assertThat(keepAgain()).isTrue();
    assertThat(Files.getLastModifiedTime(note())).as("it was enough").isEqualTo(LONG_AGO);

    String right = Files.readString(note());
    for (String wrong : List.of("nonsense", "1@2" + right.substring(right.indexOf(' ')), "")) {
      Files.writeString(note(), wrong);

      assertThat(keepAgain()).isTrue();

      assertThat(note()).hasContent(right);
    }
  }

  @Test
  void leavesANoteAloneWhoseNumbersAreNone() throws IOException {
    keep();
    Files.writeString(note(), Files.readString(note()).replaceAll(" \\d+ \\d+ ", " many more "));

    assertThat(keepAgain()).isFalse();

    assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
  }

  @Test
  void replacesOneThatWasCutOffOrChanged() throws IOException {
    keep();
    byte[] whole = Files.readAllBytes(library());
    byte[] changed = whole.clone();
    changed[changed.length / 2] ^= 1;
    for (byte[] wrong : List.of(Arrays.copyOf(whole, whole.length / 2), changed, new byte[0])) {
      Files.write(library(), wrong);

      assertThat(keepAgain()).isTrue();

      assertThat(library()).hasBinaryContent(whole);
    }
  }

  @Test
  void replacesOneThatOthersCouldWrite() throws IOException {
    keep();
    Files.setPosixFilePermissions(library(), PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThat(keepAgain()).isTrue();

    assertThat(Files.getPosixFilePermissions(library()))
        .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  }

  @Test
  void replacesOneThatIsGone() throws IOException {
    keep();
    Files.delete(library());

    assertThat(keepAgain()).isTrue();

    assertThat(library()).exists();
  }

  @Test
  void leavesALibraryAloneThatTheUserNamed() {
    System.setProperty("org.sqlite.lib.path", home.toString());
    assertThat(keep()).isFalse();
    System.clearProperty("org.sqlite.lib.path");
    System.setProperty("org.sqlite.lib.name", "mine.so");
    assertThat(keep()).isFalse();

    assertThat(directory).doesNotExist();
    assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
  }

  @Test
  void doesNothingWhereTheDirectoryIsNotPrivate() throws IOException {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(keep()).isFalse();

    assertThat(directory).isEmptyDirectory();
    assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
  }

  @Test
  void unpacksItAnewWhereItCannotBeLoadedAndThenLeavesItToTheDriver() throws IOException {
    keep();
    loaded.clear();
    loadable = false;

    assertThat(keepAgain()).isFalse();

    assertThat(loaded).containsExactly(library(), library());
    assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
  }

  @Test
  void isLeftToTheDriverOnceAStoreWasOpened() {
    SqliteScanStore.open(home.resolve("scans.db")).close();

    assertThat(NativeLibrary.keepIn(directory)).isFalse();

    assertThat(directory).doesNotExist();
  }

  private boolean keep() {
    return NativeLibrary.keepIn(
        directory,
        file -> {
          loaded.add(file);
          return loadable;
        });
  }

  /** As the next start of a program does. */
  private boolean keepAgain() {
    System.clearProperty("org.sqlite.lib.path");
    System.clearProperty("org.sqlite.lib.name");
    return keep();
  }

  private Path library() throws IOException {
    return only("libsqlitejdbc");
  }

  private Path note() throws IOException {
    return only("jar-");
  }

  private Path only(String part) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found = files.filter(file -> file.toString().contains(part)).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }
}
