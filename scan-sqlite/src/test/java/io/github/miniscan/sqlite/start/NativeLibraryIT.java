package io.github.miniscan.sqlite.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.miniscan.sqlite.SqliteScanStore;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.ScanStore;
import io.github.miniscan.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each start is a process of its own, since a library is loaded once in the life of a JVM. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class NativeLibraryIT {

  private static final String KEPT = "kept true";
  private static final String LEFT_ALONE = "kept false";

  @TempDir private Path home;
  private Path directory;

  @BeforeEach
  void nameTheDirectory() {
    directory = home.resolve("cache/program");
  }

  @Test
  void isUnpackedOnceIntoADirectoryThatOnlyThisUserCanReach() throws Exception {
    assertThat(start()).isEqualTo(KEPT);
    Path library = library();
    assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(permissions("rwx------"));
    assertThat(Files.getPosixFilePermissions(library))
        .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    FileTime unpacked = FileTime.from(Instant.ofEpochSecond(1_000_000_000));
    Files.setLastModifiedTime(library, unpacked);

    assertThat(start()).isEqualTo(KEPT);

    assertThat(Files.getLastModifiedTime(library)).isEqualTo(unpacked);
    assertThat(temporaryFiles()).isEmpty();
  }

  @Test
  void namesVersionAndPlatform() throws Exception {
    start();

    assertThat(library().getFileName().toString())
        .matches("[0-9.]+-\\w+(-Musl)?-\\w+-[0-9a-f]{8}-libsqlitejdbc\\.(so|dylib)");
  }

  @Test
  void oneThatWasCutOffIsReplaced() throws Exception {
    start();
    byte[] whole = Files.readAllBytes(library());
    Files.write(library(), Arrays.copyOf(whole, whole.length / 2));

    assertThat(start()).isEqualTo(KEPT);

    assertThat(library()).hasBinaryContent(whole);
  }

  @Test
  void oneWithOtherContentsIsReplaced() throws Exception {
    start();
    byte[] whole = Files.readAllBytes(library());
    byte[] changed = whole.clone();
    changed[changed.length / 2] ^= 1;
    Files.write(library(), changed);

    assertThat(start()).isEqualTo(KEPT);

    assertThat(library()).hasBinaryContent(whole);
  }

  @Test
  void oneThatIsALinkIsReplacedAndWhatItLeadsToIsNotTouched() throws Exception {
    start();
    Path library = library();
    Path elsewhere = home.resolve("elsewhere");
    Files.move(library, elsewhere);
    byte[] before = Files.readAllBytes(elsewhere);
    Files.createSymbolicLink(library, elsewhere);

    assertThat(start()).isEqualTo(KEPT);

    assertThat(Files.isSymbolicLink(library)).isFalse();
    assertThat(elsewhere).hasBinaryContent(before);
  }

  @Test
  void oneThatOthersCouldWriteIsReplaced() throws Exception {
    start();
    Files.setPosixFilePermissions(library(), permissions("rw-rw-rw-"));

    assertThat(start()).isEqualTo(KEPT);

    assertThat(Files.getPosixFilePermissions(library()))
        .doesNotContain(PosixFilePermission.OTHERS_WRITE);
  }

  @Test
  void aNoteThatMakesNoSenseIsWrittenAnew() throws Exception {
    start();
    Path note = note();
    byte[] before = Files.readAllBytes(note);
    Files.writeString(note, "nonsense");

    assertThat(start()).isEqualTo(KEPT);

    assertThat(note).hasBinaryContent(before);
  }

  @Test
  void aNoteWithNumbersThatAreNoneIsLeftAlone() throws Exception {
    start();
    Files.writeString(note(), Files.readString(note()).replaceAll(" \\d+ \\d+ ", " many more "));

    assertThat(start()).startsWith("kept ");
  }

  @Test
  void aDirectoryThatOthersCanReachIsNotUsed() throws Exception {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, permissions("rwxr-xr-x"));

    assertThat(start()).isEqualTo(LEFT_ALONE);

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDirectoryBelowOneThatOthersCanWriteIsNotUsed() throws Exception {
    Files.createDirectories(directory.getParent());
    Files.setPosixFilePermissions(directory.getParent(), permissions("rwxrwxrwx"));

    assertThat(start()).isEqualTo(LEFT_ALONE);
  }

  @Test
  void aDirectoryThatIsALinkIsNotUsed() throws Exception {
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.setPosixFilePermissions(elsewhere, permissions("rwx------"));
    Files.createDirectories(directory.getParent());
    Files.createSymbolicLink(directory, elsewhere);

    assertThat(start()).isEqualTo(LEFT_ALONE);

    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void aDirectoryOfSomebodyElseIsNotUsed() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give things away");
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, permissions("rwx------"));
    Files.setAttribute(directory, "unix:uid", 65_534);

    assertThat(start()).isEqualTo(LEFT_ALONE);
  }

  @Test
  void aUserWhomTheSystemDoesNotKnowHasNoDirectory() throws Exception {
    assertThat(start("-Duser.name=?")).isEqualTo(LEFT_ALONE);
  }

  @Test
  void aFileInTheWayIsLeftAlone() throws Exception {
    Files.writeString(home.resolve("cache"), "in the way");

    assertThat(start()).isEqualTo(LEFT_ALONE);
  }

  @Test
  void aLibraryThatTheUserNamedIsNotReplaced() throws Exception {
    assertThat(start("-Dorg.sqlite.lib.path=" + home)).isEqualTo(LEFT_ALONE);

    assertThat(directory).doesNotExist();
  }

  @Test
  void aProgramWithoutAnyPlaceForItNamesThePlacesAndTheWayOut() throws Exception {
    Files.writeString(home.resolve("cache"), "in the way");
    Path temporary = Files.writeString(home.resolve("tmp"), "in the way");

    assertThat(start("-Djava.io.tmpdir=" + temporary))
        .startsWith(
            "SQLite's native library cannot be unpacked and loaded in "
                + directory
                + " or "
                + temporary
                + ": make one of them writable and executable (not noexec), or name such a"
                + " directory with XDG_CACHE_HOME or -Djava.io.tmpdir (");
  }

  @Test
  void aDirectoryThatMayNotBeExecutedFromIsLikeNone() throws Exception {
    Path disk = Files.createDirectory(home.resolve("noexec"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "noexec,size=8m", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start();
    assumeTrue(mount.waitFor() == 0, "only root can mount a disk");
    try {
      directory = disk.resolve("cache");
      assertThat(start("-Djava.io.tmpdir=" + disk))
          .startsWith(
              "SQLite's native library cannot be unpacked and loaded in "
                  + directory
                  + " or "
                  + disk);
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  @Test
  void severalFirstStartsAtOnceDoNotDisturbEachOther() throws Exception {
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(process());
    }
    for (Process start : starts) {
      assertThat(result(start)).isEqualTo(KEPT);
    }
    assertThat(temporaryFiles()).isEmpty();
  }

  private String start(String... options) throws IOException, InterruptedException {
    return result(process(options));
  }

  private Process process(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // For silence only: newer JDKs warn about any program that loads a native library.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            Starting.class.getName(), directory.toString(), home.resolve("scans.db").toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String result(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
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

  private List<String> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).filter(name -> name.endsWith(".tmp")).toList();
    }
  }

  private static Set<PosixFilePermission> permissions(String permissions) {
    return PosixFilePermissions.fromString(permissions);
  }

  /** A program that keeps its library, and then needs it. */
  static final class Starting {

    private Starting() {}

    public static void main(String[] args) {
      boolean kept = NativeLibrary.keepIn(Path.of(args[0]));
      try (ScanStore store = SqliteScanStore.open(Path.of(args[1]))) {
        store.write(Batch.of(List.of(), List.of()));
        System.out.println("kept " + kept);
      } catch (StoreException e) {
        System.out.println(e.sentence());
      }
    }
  }
}
