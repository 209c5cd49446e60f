package io.github.miniscan.sqlite.start;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * A directory in which only this user (and the system's administrator) can have put anything, so
 * that a library found there may be run.
 */
final class PrivateDirectory {

  /** The permissions of the group and of others. */
  private static final int FOR_OTHERS = 0077;

  private static final int WRITABLE_BY_OTHERS = 0022;

  /** Users who may write such a directory still cannot change the files of others. */
  private static final int STICKY = 01000;

  private final Path path;
  private final UserPrincipal user;
  private final boolean unix;

  private PrivateDirectory(Path path, UserPrincipal user, boolean unix) {
    this.path = path;
    this.user = user;
    this.unix = unix;
  }

  /**
   * Makes the directory where there is none.
   *
   * @throws IOException when it cannot be made, or is not private: it or one above it belongs to
   *     another user or can be written by others, or it is a symbolic link
   */
  static PrivateDirectory open(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException("not a directory of one user: " + directory);
    }
    boolean unix = absolute.getFileSystem().supportedFileAttributeViews().contains("unix");
    FileAttribute<?>[] mode = attributes(unix, "rwx------");
    Files.createDirectories(parent, mode);
    // The user may have put the parent elsewhere by a link. The check follows at the place that the
    // link leads to.
    Path path = parent.toRealPath().resolve(absolute.getFileName());
    try {
      Files.createDirectory(path, mode);
    } catch (FileAlreadyExistsException e) {
      // It was made before, which is the usual case; the check follows.
    }
    UserPrincipal user =
        path.getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(System.getProperty("user.name"));
    PrivateDirectory opened = new PrivateDirectory(path, user, unix);
    opened.check();
    return opened;
  }

  /** Returns the attributes for a new file or directory; empty except on Unix. */
  private static FileAttribute<?>[] attributes(boolean unix, String permissions) {
    return unix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private void check() throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || !isForThisUser(path, FOR_OTHERS)) {
      throw new IOException("not a directory of this user alone: " + path);
    }
    for (Path above = path.getParent(); unix && above != null; above = above.getParent()) {
      int mode = (int) Files.getAttribute(above, "unix:mode");
      boolean trusted = isOwn(above) || (int) Files.getAttribute(above, "unix:uid") == 0;
      if (!trusted || ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0)) {
        throw new IOException("others can change what is in " + above);
      }
    }
  }

  private boolean isOwn(Path file) throws IOException {
    return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(user);
  }

  private boolean isForThisUser(Path file, int forbidden) throws IOException {
    return isOwn(file)
        && (!unix
            || ((int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & forbidden)
                == 0);
  }

  /** Returns the directory, free of links. */
  Path path() {
    return path;
  }

  /** Returns the file of that name in it. */
  Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Returns whether there is an ordinary file of that name, which only this user can have written.
   */
  boolean has(String name) throws IOException {
    Path file = file(name);
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && isForThisUser(file, WRITABLE_BY_OTHERS);
  }

  /** The contents of a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path file) throws IOException;
  }

  /** Makes or replaces a file; other processes see the old file or the new one, never a part. */
  void put(String name, Content content) throws IOException {
    Path temporary = Files.createTempFile(path, name, ".tmp", attributes(unix, "rw-------"));
    try {
      content.writeTo(temporary);
      Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
