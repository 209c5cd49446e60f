package io.github.miniscan.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;

/**
 * A document in which each table stands between {@code <!-- table:NAME -->} and {@code <!-- /table
 * -->}, each on a line of its own. What is around them is left alone.
 */
public final class TableFile {

  private static final String END = "<!-- /table -->";

  private final Path path;

  /** The document at a path. */
  public TableFile(Path path) {
    this.path = path;
  }

  /**
   * Makes sure that there is a place for each table, before anything is measured.
   *
   * @throws IOException when the document can not be read, or a marker is missing
   */
  public void check(Collection<String> names) throws IOException {
    synchronized (TableFile.class) {
      try (FileChannel channel = openLocked()) {
        String text = read(channel);
        for (String name : names) {
          replace(text, name, "");
        }
      }
    }
  }

  /**
   * Writes the tables in the places of those that are there. Others may do the same at the same
   * time, in other processes, too.
   *
   * @throws IOException when the document can not be read or written, or a marker is missing; then
   *     it is as it was
   */
  public void write(Collection<Table> tables) throws IOException {
    synchronized (TableFile.class) {
      try (FileChannel channel = openLocked()) {
        String text = read(channel);
        for (Table table : tables) {
          text = replace(text, table.name(), table.markdown());
        }
        channel.truncate(0);
        Channels.newOutputStream(channel).write(text.getBytes(UTF_8));
      }
    }
  }

  /**
   * Locked for other processes until it is closed, or anything else that this one has open of the
   * file. Within one process a second lock is an error instead of a wait, hence the monitor.
   */
  private FileChannel openLocked() throws IOException {
    FileChannel channel = FileChannel.open(path, READ, WRITE);
    channel.lock();
    return channel;
  }

  private static String read(FileChannel channel) throws IOException {
    return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
  }

  private String replace(String text, String name, String content) throws IOException {
    String begin = "<!-- table:" + name + " -->\n";
    int from = text.indexOf(begin);
    if (from < 0) {
      throw missing(begin.strip());
    }
    from += begin.length();
    int to = text.indexOf(END, from);
    int next = text.indexOf("<!-- table:", from);
    if (to < 0 || (next >= 0 && next < to)) {
      throw missing(END + " after " + begin.strip());
    }
    return text.substring(0, from) + content + text.substring(to);
  }

  private IOException missing(String marker) {
    return new IOException(
        path + " has no line " + marker + ": put it where the table is to stand");
  }
}
