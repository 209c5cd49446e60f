package io.github.miniscan.bench.harness;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in a file that C and Java read, in the order of their arrival: a count, and for each row
 * what the upsert binds. All numbers are big-endian.
 */
final class RowsFile {

  private RowsFile() {}

  static void write(Path file, List<ScanRecord> records) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
      out.writeInt(records.size());
      for (ScanRecord record : records) {
        write(out, record);
      }
    }
  }

  private static void write(DataOutputStream out, ScanRecord record) throws IOException {
    ScanKey key = record.key();
    byte[] address = key.ip().bytes();
    out.writeByte(address.length + 1);
    out.writeByte(key.ip().isV4() ? 4 : 6);
    out.write(address);
    out.writeInt(key.port());
    writeShort(out, key.service().getBytes(UTF_8));
    writeShort(out, key.ip().toString().getBytes(US_ASCII));
    out.writeLong(record.firstScanned());
    out.writeLong(record.lastScanned());
    out.writeByte(isKeptAsText(record.response()) ? 1 : 0);
    byte[] response = record.response().bytes();
    out.writeInt(response.length);
    out.write(response);
  }

  private static void writeShort(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeByte(bytes.length);
    out.write(bytes);
  }

  static List<ScanRecord> read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      int count = in.readInt();
      List<ScanRecord> records = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        records.add(read(in));
      }
      return records;
    }
  }

  private static ScanRecord read(DataInputStream in) throws IOException {
    byte[] ipKey = in.readNBytes(in.readUnsignedByte());
    int port = in.readInt();
    String service = new String(in.readNBytes(in.readUnsignedByte()), UTF_8);
    in.skipNBytes(in.readUnsignedByte());
    long first = in.readLong();
    long last = in.readLong();
    in.skipNBytes(1);
    Response response = Response.wrap(in.readNBytes(in.readInt()));
    IpAddress ip = IpAddress.ofBytes(Arrays.copyOfRange(ipKey, 1, ipKey.length));
    return new ScanRecord(new ScanKey(ip, port, service), first, last, response);
  }

  /** Returns whether a store keeps the response as TEXT, as the product's does: not with U+0000. */
  static boolean isKeptAsText(Response response) {
    return response.isText() && response.text().indexOf('\0') < 0;
  }
}
