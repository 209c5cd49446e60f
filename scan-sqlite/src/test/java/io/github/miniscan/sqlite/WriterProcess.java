package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writes batches in a JVM of its own, and says on standard output which of them are durable. */
final class WriterProcess implements AutoCloseable {

  private static final int RECORDS = 50;
  private static final SqliteOptions PATIENT =
      SqliteOptions.defaults().withLockWait(Duration.ofSeconds(30));

  private final Process process;
  private final BufferedReader output;

  private WriterProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts a writer of the batches {@code first} up to {@code end}, which is not among them. */
  static WriterProcess start(Path file, int first, int end) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    // A JVM that is killed leaves the driver's native library behind: beside the file it goes with
    // it.
    Path libraries = Files.createDirectories(file.resolveSibling("libraries"));
    String classPath = System.getProperty("java.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-Dorg.sqlite.tmpdir=" + libraries,
            "-cp",
            classPath,
            WriterProcess.class.getName(),
            file.toString(),
            "" + first,
            "" + end);
    return new WriterProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The number of the next batch that is durable; null once the writer has ended. */
  @Nullable Integer nextDurable() throws IOException {
    @Nullable String line = output.readLine();
    return line == null ? null : Integer.valueOf(line);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it has ended by itself. */
  int join() {
    return process.onExit().join().exitValue();
  }

  /** {@code kill -9}, for one that has not ended. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** The batch of this number: the same in each process. */
  static Batch<ScanRecord> batch(int number) {
    Random random = new Random(number);
    List<Decoded<ScanRecord>> records = new ArrayList<>();
    Message message = new Message("" + number, new byte[] {1}, Map.of(), null);
    for (int i = 0; i < RECORDS; i++) {
      ScanKey key = new ScanKey(IpAddress.ofV4(random.nextInt(400)), random.nextInt(2), "HTTP");
      Response response = Response.ofText("from " + number);
      records.add(
          new Decoded<>(message, ScanRecord.ofScan(key, 100 + random.nextInt(20), response)));
    }
    Instant receivedAt = Instant.ofEpochSecond(number);
    return Batch.of(
        records, List.of(DeadLetter.of(message, Reason.INVALID_IP, "no ip", receivedAt)));
  }

  /** Arguments: the file, the first batch, and the first that is not to be written. */
  public static void main(String[] arguments) {
    try (ScanStore store = SqliteScanStore.open(Path.of(arguments[0]), PATIENT)) {
      int end = Integer.parseInt(arguments[2]);
      for (int number = Integer.parseInt(arguments[1]); number < end; number++) {
        store.write(batch(number));
        System.out.println(number);
      }
    }
  }
}
