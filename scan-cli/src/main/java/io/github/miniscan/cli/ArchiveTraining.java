package io.github.miniscan.cli;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.options.Stores;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.output.Format;
import io.github.miniscan.cli.start.SilentLogging;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.ScanStore;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Runs the short commands once, on a store of its own, and shows nothing: the launcher learns from
 * it which classes they need, and keeps those in an archive from which java starts quickly.
 */
public final class ArchiveTraining {

  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

  private ArchiveTraining() {}

  /**
   * Ends with a failure when a command does not work.
   *
   * @param args the directory to make for the store
   */
  public static void main(String[] args) throws Exception {
    SilentLogging.begin();
    String store = Files.createDirectories(Path.of(args[0])).resolve("training.db").toString();
    Message message =
        new Message("1", "a scan".getBytes(StandardCharsets.UTF_8), Map.of("a", "b"), TIME);
    DeadLetter letter = DeadLetter.of(message, Reason.MALFORMED_JSON, "why", TIME);
    try (ScanStore opened = Stores.sqlite(Path.of(store)).openOrCreate(Duration.ofSeconds(1))) {
      opened.write(
          Batch.of(
              List.of(
                  scan(message, "1.1.1.1", Response.ofText("hello world\u009b")),
                  scan(message, "2001:db8::1", Response.ofBytes(new byte[] {(byte) 0xff}))),
              List.of(letter)));
    }
    for (Format format : Format.values()) {
      run("query", "--store", store, "--format", format.toString(), "--ip", "1.1.1.1");
      run("query", "--store", store, "--format", format.toString(), "--port", "80");
      run("dead-letters", "list", "--store", store, "--format", format.toString());
      run("dead-letters", "show", "--store", store, "--format", format.toString(), letter.id());
    }
    run("--help");
    run("--version");
  }

  private static Decoded<ScanRecord> scan(Message message, String ip, Response response) {
    ScanKey key = new ScanKey(IpAddress.parse(ip), 80, "HTTP");
    return new Decoded<>(message, ScanRecord.ofScan(key, TIME.getEpochSecond(), response));
  }

  private static void run(String... args) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    int status = Main.run(nowhere, nowhere, args);
    if (status != ExitStatus.DONE) {
      throw new IllegalStateException("status " + status + " of " + String.join(" ", args));
    }
  }
}
