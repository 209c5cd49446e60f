package io.github.miniscan.ingest;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Reason;
import io.github.miniscan.VisibleText;
import io.github.miniscan.decode.Decoder;
import io.github.miniscan.decode.RejectedException;
import io.github.miniscan.store.Batch;
import io.github.miniscan.store.BatchWriter;
import io.github.miniscan.store.DeadLetters;
import io.github.miniscan.store.Decoded;
import io.github.miniscan.store.RecordRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Decodes dead letters again, under the present rules and with their original publish times.
 *
 * <p>A new record is stored durably before its dead letter is removed, in one transaction where the
 * store has them. A message that is rejected again stays, with its present reason. A replay that
 * ends early loses nothing; the next one resumes it.
 *
 * @param <R> the record type
 */
public final class DeadLetterReplay<R> {

  private static final int MAX_BATCH = 1_000;
  private static final long MAX_BATCH_BYTES = 16L << 20;

  private final Decoder<R> decoder;
  private final BatchWriter<R> writer;
  private final DeadLetters deadLetters;

  /** Creates a replay of {@code deadLetters} into the {@code writer} of the same store. */
  public DeadLetterReplay(Decoder<R> decoder, BatchWriter<R> writer, DeadLetters deadLetters) {
    this.decoder = new ContainedDecoder<>(requireNonNull(decoder, "decoder"));
    this.writer = requireNonNull(writer, "writer");
    this.deadLetters = requireNonNull(deadLetters, "deadLetters");
  }

  /**
   * The outcome of a replay.
   *
   * @param replayed how many dead letters became records
   * @param kept how many stayed
   */
  public record Result(long replayed, long kept) {}

  /**
   * Replays these dead letters; the stream is closed by the caller.
   *
   * @throws io.github.miniscan.store.StoreException when the store fails; what was replayed until
   *     then is stored
   */
  public Result run(Stream<DeadLetter> letters) {
    Run run = new Run();
    letters.forEachOrdered(run::replay);
    run.write();
    return new Result(run.replayed, run.kept);
  }

  private final class Run {
    private final List<Revived<R>> revived = new ArrayList<>();
    private long bytes;
    private long replayed;
    private long kept;

    void replay(DeadLetter letter) {
      try {
        revived.add(new Revived<>(letter, decoder.decode(letter.message())));
        bytes += letter.message().payload().length;
      } catch (RejectedException e) {
        keep(letter, e.reason(), e.detail());
      }
      if (revived.size() >= MAX_BATCH || bytes >= MAX_BATCH_BYTES) {
        write();
      }
    }

    void write() {
      if (!revived.isEmpty()) {
        Isolation.write(revived, this::write, this::refused);
        revived.clear();
        bytes = 0;
      }
    }

    private void write(List<Revived<R>> part) {
      List<Decoded<R>> records = new ArrayList<>(part.size());
      List<String> ids = new ArrayList<>(part.size());
      for (Revived<R> each : part) {
        records.add(new Decoded<>(each.letter().message(), each.record()));
        ids.add(each.letter().id());
      }
      writer.write(Batch.of(records, List.of()).withReplayed(ids));
      replayed += part.size();
    }

    private void refused(Revived<R> each, RecordRefusedException refusal) {
      String detail = VisibleText.shortened(String.valueOf(refusal.getMessage()));
      keep(each.letter(), Reason.STORE_REJECTED, detail);
    }

    /** Most letters stay for the reason that they have, which need not be written again. */
    private void keep(DeadLetter letter, Reason reason, String detail) {
      if (!letter.reason().equals(reason) || !letter.detail().equals(detail)) {
        deadLetters.updateReason(letter.id(), reason, detail);
      }
      kept++;
    }
  }

  /** A dead letter and the record that it has become. */
  private record Revived<R>(DeadLetter letter, R record) {}
}
