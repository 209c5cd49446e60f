package io.github.miniscan.sqlite.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs({OS.LINUX, OS.MAC})
class PrivateDirectoryTest {

  @TempDir private Path home;
  private Path directory;

  @BeforeEach
  void nameTheDirectory() throws IOException {
    home = home.toRealPath();
    directory = home.resolve("cache/program");
  }

  @Test
  void isMadeForThisUserAloneWithAllThatIsAboveIt() throws IOException {
    PrivateDirectory made = PrivateDirectory.open(directory);

    assertThat(made.path()).isEqualTo(directory).isDirectory();
    assertThat(modeOf(directory)).isEqualTo("rwx------");
    assertThat(modeOf(directory.getParent())).isEqualTo("rwx------");
  }

  @Test
  void isOpenedAgainWithWhatIsInIt() throws IOException {
    PrivateDirectory.open(directory).put("a", file -> Files.writeString(file, "kept"));

    PrivateDirectory again = PrivateDirectory.open(directory);

    assertThat(again.has("a")).isTrue();
    assertThat(again.file("a")).hasContent("kept").hasParent(directory);
  }

  @Test
  void isFoundThroughALinkAboveIt() throws IOException {
    Files.createDirectories(directory);
    mode(directory, "rwx------");
    Path link = Files.createSymbolicLink(home.resolve("link"), directory.getParent());

    assertThat(PrivateDirectory.open(link.resolve("program")).path()).isEqualTo(directory);
  }

  @Test
  void isRefusedWhereItIsALink() throws IOException {
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    mode(elsewhere, "rwx------");
    Files.createDirectories(directory.getParent());
    Files.createSymbolicLink(directory, elsewhere);

    assertRefused("not a directory of this user alone: " + directory);
  }

  @Test
  void isRefusedWhereItIsAFile() throws IOException {
    Files.createDirectories(directory.getParent());
    Files.createFile(directory);
    mode(directory, "rw-------");

    assertRefused("not a directory of this user alone: " + directory);
  }

  @Test
  void isRefusedWhereTheGroupOrOthersCanReachIt() throws IOException {
    Files.createDirectories(directory);
    for (String permissions : new String[] {"rwxr-----", "rwx-----x", "rwx--x---", "rwxr-xr-x"}) {
      mode(directory, permissions);

      assertRefused("not a directory of this user alone: " + directory);
    }
  }

  @Test
  void isRefusedBelowOneThatTheGroupOrOthersCanWrite() throws IOException {
    Files.createDirectories(directory);
    mode(directory, "rwx------");
    for (String permissions : new String[] {"rwxrwx---", "rwx----w-"}) {
      mode(home, permissions);

      assertRefused("others can change what is in " + home);
    }
    mode(home, "rwxr-xr-x");
    assertThat(PrivateDirectory.open(directory).path()).isEqualTo(directory);
  }

  @Test
  void isTakenBelowOneWhereOthersMayWriteOnlyTheirOwn() throws IOException {
    Files.createDirectories(directory);
    mode(directory, "rwx------");
    Files.setAttribute(home, "unix:mode", 01777);

    assertThat(PrivateDirectory.open(directory).path()).isEqualTo(directory);
  }

  @Test
  void isRefusedWhereItOrOneAboveItBelongsToSomebodyElse() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give things away");
    Files.createDirectories(directory);
    mode(directory, "rwx------");
    Files.setAttribute(directory, "unix:uid", 65_534);
    assertRefused("not a directory of this user alone: " + directory);
    Files.setAttribute(directory, "unix:uid", 0);
    Files.setAttribute(home, "unix:uid", 65_534);
    assertRefused("others can change what is in " + home);
  }

  @Test
  void hasOnlyOrdinaryFilesThatNobodyElseCanHaveWritten() throws IOException {
    PrivateDirectory opened = PrivateDirectory.open(directory);
    assertThat(opened.has("a")).isFalse();
    Path file = Files.writeString(directory.resolve("a"), "x");
    for (String permissions : new String[] {"rw-rw----", "rw-----w-"}) {
      mode(file, permissions);
      assertThat(opened.has("a")).as(permissions).isFalse();
    }
    mode(file, "rw-r--r--");
    assertThat(opened.has("a")).as("others may read it").isTrue();
    Files.createSymbolicLink(directory.resolve("link"), file);
    assertThat(opened.has("link")).isFalse();
    Files.createDirectory(directory.resolve("inside"));
    assertThat(opened.has("inside")).isFalse();
  }

  @Test
  void replacesAFileWholeOrNotAtAll() throws IOException {
    PrivateDirectory opened = PrivateDirectory.open(directory);
    opened.put("a", file -> Files.writeString(file, "first"));
    assertThatThrownBy(
            () ->
                opened.put(
                    "a",
                    file -> {
                      Files.writeString(file, "half");
                      throw new IOException("no room");
                    }))
        .hasMessage("no room");
    assertThat(opened.file("a")).hasContent("first");

    opened.put("a", file -> Files.writeString(file, "second"));

    assertThat(opened.file("a")).hasContent("second");
    assertThat(modeOf(opened.file("a"))).isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void isNoRoot() {
    assertThatThrownBy(() -> PrivateDirectory.open(home.getRoot()))
        .isInstanceOf(IOException.class)
        .hasMessage("not a directory of one user: /");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> PrivateDirectory.open(directory))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  private static void mode(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static String modeOf(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
