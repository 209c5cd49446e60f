package io.github.miniscan.proof.mutants;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.proof.UnavailableException;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the product, with its programs, that can be changed and built. The libraries that do
 * not change are links to those of the original. Closing removes it.
 */
final class Product implements AutoCloseable {

  private static final Set<String> LEFT_OUT = Set.of(".git", "target", "docs");
  private static final String CLI = "scan-cli/target/scan-cli.jar";
  private static final String PROOF = "scan-proof/target/scan-proof.jar";
  private static final String LIBRARIES = "scan-proof/target/lib";

  private final Path root;

  private Product(Path root) {
    this.root = root;
  }

  /** Copies what {@code scan-proof/run} has built. */
  static Product copy(Path original, Path root) throws IOException {
    for (String jar : List.of(CLI, PROOF)) {
      if (!Files.exists(original.resolve(jar))) {
        throw new UnavailableException(original.resolve(jar) + " is missing: build it first");
      }
    }
    copySources(original, root);
    Files.createDirectories(root.resolve(LIBRARIES));
    Files.createDirectories(root.resolve(CLI).getParent());
    for (Path library : files(original.resolve(LIBRARIES))) {
      link(library, root.resolve(LIBRARIES).resolve(library.getFileName().toString()));
    }
    link(original.resolve(PROOF), root.resolve(PROOF));
    link(original.resolve(CLI), root.resolve(CLI));
    return new Product(root);
  }

  private static void copySources(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (LEFT_OUT.contains(directory.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(directory).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                to.resolve(from.relativize(file).toString()),
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(from, to);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  /**
   * Whether a patch fits the sources below a directory, and if not, what it says.
   *
   * @return null when it fits
   */
  static @Nullable String misfit(Path sources, Path patch)
      throws IOException, InterruptedException {
    return git(sources, "apply", "--check", patch.toString());
  }

  /** Changes the sources. */
  void apply(Path patch) throws IOException, InterruptedException {
    String said = git(root, "apply", patch.toString());
    if (said != null) {
      throw new IOException(said);
    }
  }

  /** As if in no repository, or it would leave out the files of a copy that lies within one. */
  private static @Nullable String git(Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("GIT_DIR", directory.resolve("no-repository").toString());
    Process git;
    try {
      git = builder.start();
    } catch (IOException e) {
      throw new UnavailableException("no git, which applies the patches: " + e.getMessage());
    }
    git.getOutputStream().close();
    String said = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
    return git.waitFor() == 0 ? null : said;
  }

  /** Compiles these modules as a whole, since constants are copied into other classes. */
  void build(Collection<String> modules) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new UnavailableException("this java has no compiler: a JDK is needed");
    }
    for (String module : modules) {
      Path classes = root.resolve(module).resolve("target/classes");
      Files.createDirectories(classes);
      compile(compiler, root.resolve(module).resolve("src/main/java"), classes);
      replace(classes, library(module));
      replace(classes, root.resolve(CLI));
    }
  }

  private void compile(JavaCompiler compiler, Path sources, Path classes) throws IOException {
    String classPath =
        files(root.resolve(LIBRARIES)).stream()
            .map(Path::toString)
            .collect(Collectors.joining(System.getProperty("path.separator")));
    List<Path> java;
    try (Stream<Path> all = Files.walk(sources)) {
      java = all.filter(file -> file.toString().endsWith(".java")).toList();
    }
    StringWriter said = new StringWriter();
    List<String> options =
        List.of(
            "--release",
            "17",
            "-proc:none",
            "-nowarn",
            "-parameters",
            "-cp",
            classPath,
            "-d",
            classes.toString());
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(java))
              .call();
      if (!compiled) {
        throw new IOException("what was changed does not compile: " + said);
      }
    }
  }

  private Path library(String module) throws IOException {
    return files(root.resolve(LIBRARIES)).stream()
        .filter(jar -> jar.getFileName().toString().matches(module + "-\\d.*\\.jar"))
        .findFirst()
        .orElseThrow(() -> new IOException("no library is made of " + module));
  }

  /** Puts classes into a jar that no other copy shares from now on. */
  private static void replace(Path classes, Path jar) throws IOException {
    Path own = jar.resolveSibling("own-" + jar.getFileName());
    Files.copy(jar, own);
    try (FileSystem inside = FileSystems.newFileSystem(uri(own), Map.of());
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path entry = inside.getPath(classes.relativize(file).toString());
        Path parent = entry.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.copy(file, entry, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(own, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static URI uri(Path jar) {
    return URI.create("jar:" + jar.toUri());
  }

  /** How a proof ended. */
  enum Ending {
    HELD,
    BROKEN,
    /** It was left out, or it failed itself. */
    NONE
  }

  /**
   * What a proof said.
   *
   * @param words its last lines, or what was broken
   */
  record Verdict(Ending ending, String words) {}

  /** Runs a proof of this copy on this copy, in a process of its own. */
  Verdict prove(String proof, long seed, long size, Duration limit)
      throws IOException, InterruptedException {
    Path log = root.resolve("proof.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                root.resolve(PROOF).toString(),
                proof,
                "--seed",
                Long.toString(seed),
                "--size",
                Long.toString(size),
                "--root",
                root.toString(),
                "--dir",
                root.resolve("proofs").toString())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        return new Verdict(Ending.NONE, "it did not end within " + limit.toSeconds() + " s");
      }
      return verdict(proof, process.exitValue(), Files.readString(log));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Verdict verdict(String proof, int status, String said) {
    if (status == 0) {
      return new Verdict(Ending.HELD, said);
    }
    String broken = proof + ": BROKEN: ";
    return said.lines()
        .filter(line -> line.startsWith(broken))
        .findFirst()
        .map(line -> new Verdict(Ending.BROKEN, line.substring(broken.length())))
        .orElseGet(() -> new Verdict(Ending.NONE, said.strip()));
  }
}
