package io.github.miniscan.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import java.util.function.Consumer;

/** Takes the payload's text for the record, but does what some texts ask for. */
final class FakeDecoder implements Decoder<String> {

  private final Consumer<String> watcher;

  FakeDecoder(Consumer<String> watcher) {
    this.watcher = watcher;
  }

  @Override
  public String decode(Message message) throws RejectedException {
    String text = new String(message.payload(), UTF_8);
    watcher.accept(text);
    if (text.startsWith("bad")) {
      throw new RejectedException(Reason.INVALID_DATA, "it says " + text);
    }
    switch (text) {
      case "bug" -> throw new IllegalStateException("a \u001b[31mbug");
      case "assertion" -> throw new AssertionError("wrong");
      case "overflow" -> throw new StackOverflowError();
      case "out of memory" -> throw new OutOfMemoryError("simulated");
      case "no class" -> throw new NoClassDefFoundError("simulated");
      default -> {
        return text;
      }
    }
  }
}
