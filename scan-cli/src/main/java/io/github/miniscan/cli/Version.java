package io.github.miniscan.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, and of the Java that runs it. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("(not built as a jar)");
    return new String[] {
      "scan " + version, "Java " + Runtime.version() + " on " + System.getProperty("os.name")
    };
  }
}
