package io.github.miniscan.sqlite.start;

import io.github.miniscan.VisibleText;
import io.github.miniscan.store.StoreException;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.CodeSource;
import java.util.HexFormat;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite itself, which is native code inside the jar of its driver. By default the driver unpacks
 * it into the directory for temporary files at each start of a program, which takes longer than a
 * short program's work.
 */
public final class NativeLibrary {

  /** The directory in which the driver looks before it unpacks anything. */
  private static final String PATH = "org.sqlite.lib.path";

  private static final String NAME = "org.sqlite.lib.name";

  /** The folder in the driver's jar that has a folder for each platform. */
  private static final String FOLDERS = "native/";

  private static final int BUFFER = 1 << 16;

  /** The number of parts of a note, separated by spaces. */
  private static final int PARTS = 5;

  /** True once the driver has loaded its library, or is about to. */
  private static volatile boolean inUse;

  /** The directory in which the library could not be kept; null where none was asked for. */
  private static volatile @Nullable Path refused;

  private NativeLibrary() {}

  /**
   * Loads the library, as the first store that is opened does. A second call does nothing.
   *
   * @throws StoreException when there is no place to which it can be unpacked and from which it can
   *     be loaded; the message names the directories that were tried
   */
  public static void load() {
    inUse = true;
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new StoreException(noPlace(e), e);
    }
  }

  private static String noPlace(Exception failure) {
    String temporary =
        System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir", ""));
    @Nullable Path kept = refused;
    return "SQLite's native library cannot be unpacked and loaded in "
        + (kept == null ? "" : VisibleText.of(kept.toString()) + " or ")
        + VisibleText.of(temporary)
        + ": make one of them writable and executable (not noexec), or name such a directory with "
        + (kept == null ? "" : "XDG_CACHE_HOME or ")
        + "-Djava.io.tmpdir ("
        + VisibleText.of(String.valueOf(failure.getMessage()))
        + ")";
  }

  /**
   * Keeps the library in this directory from one start of a program to the next. Must be called
   * before the first store is opened, since the driver looks for its library only then. It does
   * nothing afterwards, nor where {@code org.sqlite.lib.path} or {@code org.sqlite.lib.name} is set
   * already.
   *
   * <p>The directory is made where there is none. It must be private: owned by this user,
   * accessible to no other user, no symbolic link, and below directories that others cannot change.
   * A library in it is used only when its length and CRC-32 are those in the driver's jar. Several
   * processes may do so at once. Never throws: where anything is in doubt, or fails, the driver
   * unpacks its library as usual.
   *
   * @param directory for this purpose alone, such as {@code ~/.cache/my-program}
   * @return whether the library is loaded from there
   */
  public static synchronized boolean keepIn(Path directory) {
    // Two copies in one process share its native methods by chance, which ends in a crash.
    if (inUse) {
      return false;
    }
    boolean isKept = keepIn(directory, NativeLibrary::load);
    refused = isKept ? null : directory;
    return isKept;
  }

  /**
   * Keeps the library whether or not one is in use.
   *
   * @param loading loads a file, and returns whether it could
   */
  static boolean keepIn(Path directory, Predicate<Path> loading) {
    if (System.getProperty(PATH) != null || System.getProperty(NAME) != null) {
      return false;
    }
    try {
      PrivateDirectory kept = PrivateDirectory.open(directory);
      Path jar = jarOf(SQLiteJDBCLoader.class);
      BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
      String note = noteName(jar);
      @Nullable Entry entry = kept.has(note) ? Entry.noted(kept.file(note), attributes) : null;
      if (entry == null || !isWhole(kept, entry) || !loading.test(kept.file(entry.fileName))) {
        entry = Entry.read(jar);
        if (!isWhole(kept, entry)) {
          unpack(jar, entry, kept);
        }
        if (!loading.test(kept.file(entry.fileName))) {
          return false;
        }
        String line = entry.note(attributes);
        kept.put(note, file -> Files.writeString(file, line));
      }
      System.setProperty(PATH, kept.path().toString());
      System.setProperty(NAME, entry.fileName);
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static Path jarOf(Class<?> type) throws IOException {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new NoSuchFileException("the jar of " + type);
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /**
   * Returns a name for each jar and each Java, since a Java built for another C library needs
   * another native library.
   */
  private static String noteName(Path jar) {
    String start = jar + File.pathSeparator + System.getProperty("java.home");
    return "jar-" + HexFormat.of().toHexDigits(start.hashCode());
  }

  private static boolean isWhole(PrivateDirectory kept, Entry entry) throws IOException {
    if (!kept.has(entry.fileName) || Files.size(kept.file(entry.fileName)) != entry.size) {
      return false;
    }
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = new FileInputStream(kept.file(entry.fileName).toFile())) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
      }
    }
    return crc.getValue() == entry.crc;
  }

  private static void unpack(Path jar, Entry entry, PrivateDirectory kept) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile());
        InputStream in = zip.getInputStream(zip.getEntry(entry.name))) {
      kept.put(entry.fileName, file -> Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING));
    }
  }

  /**
   * Loads a library here, since the driver would log a failure; once loaded, loading it again does
   * nothing. Only loading shows that a disk is mounted with {@code noexec}.
   */
  private static boolean load(Path library) {
    try {
      System.load(library.toString());
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  /**
   * The library in the driver's jar.
   *
   * @param name the name of the entry in the jar
   * @param size the size in bytes
   * @param crc the CRC-32 of its bytes
   * @param fileName the name under which it is kept
   */
  private record Entry(String name, long size, long crc, String fileName) {

    /** Reads the entry from the jar's directory. */
    static Entry read(Path jar) throws IOException {
      String folder = LibraryLoaderUtil.getNativeLibResourcePath().substring(1);
      String library = LibraryLoaderUtil.getNativeLibName();
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        ZipEntry entry = zip.getEntry(folder + "/" + library);
        if (entry == null) {
          throw new NoSuchFileException(folder + "/" + library);
        }
        String platform = folder.substring(folder.indexOf(FOLDERS) + FOLDERS.length());
        String fileName =
            String.join(
                "-",
                SQLiteJDBCLoader.getVersion(),
                platform.replace('/', '-'),
                HexFormat.of().toHexDigits((int) entry.getCrc()),
                library);
        return new Entry(entry.getName(), entry.getSize(), entry.getCrc(), fileName);
      }
    }

    /**
     * Returns the entry recorded in a note for this exact jar, because reading the directory of a
     * large jar takes longer than all the rest; null where the note is for another jar.
     */
    static @Nullable Entry noted(Path note, BasicFileAttributes jar) throws IOException {
      String[] parts = Files.readString(note).split(" ", -1);
      return parts.length == PARTS && parts[0].equals(identity(jar))
          ? new Entry(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[4])
          : null;
    }

    String note(BasicFileAttributes jar) {
      return String.join(
          " ", identity(jar), name, Long.toString(size), Long.toString(crc), fileName);
    }

    private static String identity(BasicFileAttributes jar) {
      return jar.size() + "@" + jar.lastModifiedTime().toMillis();
    }
  }
}
