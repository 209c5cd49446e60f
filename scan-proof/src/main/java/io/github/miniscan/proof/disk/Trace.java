package io.github.miniscan.proof.disk;

import io.github.miniscan.proof.disk.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what {@code faultydisk.c} remembers: all that was done to some files, in order. */
final class Trace {

  private Trace() {}

  /** One thing that was done. */
  static final class Event {
    private final Operation operation;
    private final String name;
    private final long offset;
    private final byte[] data;

    Event(Operation operation, String name, long offset, byte[] data) {
      this.operation = operation;
      this.name = name;
      this.offset = offset;
      this.data = data;
    }

    Operation operation() {
      return operation;
    }

    /** Of the file; empty for the directory. */
    String name() {
      return name;
    }

    /** Of a write; the new length for a truncation. */
    long offset() {
      return offset;
    }

    /** What a write wrote, or what a mark says, not a copy; empty otherwise. */
    byte[] data() {
      return data;
    }

    long length() {
      return data.length;
    }

    /** What was done to what, in words. */
    String kind() {
      return operation.name().toLowerCase(Locale.ROOT) + " of " + part();
    }

    private String part() {
      if (name.isEmpty()) {
        return "the directory";
      }
      int dash = name.lastIndexOf('-');
      return dash < 0 ? "the database" : "the " + name.substring(dash);
    }
  }

  static List<Event> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      Operation operation = Operation.of(bytes.getLong());
      long offset = bytes.getLong();
      int length = (int) bytes.getLong();
      byte[] name = new byte[(int) bytes.getLong()];
      bytes.get(name);
      byte[] data =
          new byte[operation == Operation.WRITE || operation == Operation.MARK ? length : 0];
      bytes.get(data);
      events.add(new Event(operation, new String(name, StandardCharsets.UTF_8), offset, data));
    }
    return events;
  }
}
