package io.github.miniscan.sqlite;

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
 * SQLite itself, which is native code inside the jar of its driver. Left alone, the driver unpacks
 * it into the directory for temporary files at each start of a program, which takes longer than a
 * short program's work.
 */
public final class NativeLibrary {

  /** Where the driver looks before it unpacks anything. */
  private static final String PATH = "org.sqlite.lib.path";

  private static final String NAME = "org.sqlite.lib.name";

  /** In the driver's jar; below it is a folder for each platform. */
  private static final String FOLDERS = "native/";

  private static final int BUFFER = 1 << 16;

  /** Of a note, separated by spaces. */
  private static final int PARTS = 5;

  /** Set by the first connection. */
  private static volatile boolean inUse;

  private NativeLibrary() {}

  /** Notes that the driver has loaded its library, or is about to. */
  static void use() {
    inUse = true;
  }

  /**
   * Keeps the library in this directory from one start of a program to the next. To be called
   * before the first store is opened, since only then the driver looks for its library; it does
   * nothing afterwards, nor where {@code org.sqlite.lib.path} or {@code org.sqlite.lib.name} is set
   * already.
   *
   * <p>The directory is made where there is none, and must be private: of this user, accessible to
   * nobody else, no symbolic link, and below directories that others can not change. What is in it
   * is compared (by length and CRC-32) with what the driver's jar holds before it is used. Several
   * processes may do so at once. Never throws: where anything is in doubt, or can not be done, the
   * driver does what it always does.
   *
   * @param directory for this purpose alone, such as {@code ~/.cache/my-program}
   * @return whether the library is loaded from there
   */
  public static synchronized boolean keepIn(Path directory) {
    // Two copies in one process share its native methods by chance, which ends in a crash.
    return !inUse && keepIn(directory, NativeLibrary::load);
  }

  /**
   * The same whether or not a library is in use.
   *
   * @param loading loads a file, and says whether it could
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

  /** One for each jar, and for each Java: one built for another C library needs another library. */
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
   * Loads it here, since the driver would log what it can not load; once loaded, loading it again
   * does nothing. A disk whose files may not be run, for one, shows only so.
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
   * @param name of the entry in the jar
   * @param size in bytes
   * @param crc CRC-32 of its bytes
   * @param fileName under which it is kept
   */
  private record Entry(String name, long size, long crc, String fileName) {

    /** As the jar's directory has it. */
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
     * As a note has it that was taken of this very jar: reading the directory of a large jar takes
     * longer than all the rest. Null where it was taken of another one.
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
