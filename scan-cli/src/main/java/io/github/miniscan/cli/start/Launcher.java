package io.github.miniscan.cli.start;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;

/** How this program was started, so that it can name commands that work. */
public final class Launcher {

  private Launcher() {}

  /** What to type before a command's name: the launcher says so, else {@code java -jar}. */
  public static String command() {
    String launcher = System.getProperty("scan.launcher");
    return launcher != null ? quoted(launcher) : "java -jar " + quoted(jar());
  }

  /** The word as a shell reads it. */
  public static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String jar() {
    CodeSource source = Launcher.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? "scan-cli.jar" : Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      return "scan-cli.jar";
    }
  }
}
