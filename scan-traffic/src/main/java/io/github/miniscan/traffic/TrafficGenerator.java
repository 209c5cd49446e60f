package io.github.miniscan.traffic;

import io.github.miniscan.Reason;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.Iterator;

/**
 * Realistic and nasty traffic, without end: new keys and updates, repetitions, late scans, ties
 * within a second, both data versions, addresses in many spellings, banners that are not text, and
 * every kind of malformed message, at the shares of its {@link TrafficOptions}.
 *
 * <p>Each message comes with what it must become. The same options give the same messages, in
 * whatever process, so that what a store must hold can be told from the options and the number of
 * messages alone; see {@link Oracle}. Holds a few megabytes, however many messages are taken. Not
 * safe for use by several threads.
 */
public final class TrafficGenerator implements Iterator<TrafficMessage> {

  private static final int MESSAGES_PER_SECOND = 1_000;
  private static final int REMEMBERED = 1 << 10;
  private static final int JITTER_SECONDS = 5;
  private static final int HOUR = 3_600;
  private static final int DAY = 24 * HOUR;
  private static final int YEAR = 366 * DAY;
  private static final double LATE_BY_MORE_THAN_A_DAY = 0.2;
  private static final double AHEAD_SHARE_OF_ODD = 0.05;

  private final TrafficOptions options;
  private final Dice dice;
  private final KeySpace keys;
  private final Responses responses;
  private final PlainWriter plainWriter = new PlainWriter();
  private final TrafficMessage[] recent = new TrafficMessage[REMEMBERED];
  private long made;

  /** Traffic from its first message on. */
  public TrafficGenerator(TrafficOptions options) {
    this.options = options;
    this.dice = new Dice(options.seed());
    this.keys = new KeySpace(options);
    this.responses = new Responses(options);
  }

  /** Always true. */
  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public TrafficMessage next() {
    TrafficMessage message = make();
    recent[(int) (made++ % REMEMBERED)] = message;
    return message;
  }

  private TrafficMessage make() {
    double kind = dice.fraction();
    if (kind < options.malformed()) {
      return malformed();
    }
    kind -= options.malformed();
    if (made > 0 && kind < options.duplicates()) {
      return remembered();
    }
    kind -= options.duplicates();
    if (made > 0 && kind < options.ties()) {
      return remembered().record().map(this::tied).orElseGet(this::fresh);
    }
    kind -= options.ties();
    return kind < options.late() ? late() : fresh();
  }

  private TrafficMessage malformed() {
    ScanRecord scan = ScanRecord.ofScan(randomKey(), present(), Response.ofText("never stored"));
    Reason reason = dice.oneOf(Defects.REASONS);
    ScanJson json = ScanJson.of(scan, 1 + dice.below(2));
    return TrafficMessage.rejectedFor(reason, Defects.spoil(json, reason, dice));
  }

  private TrafficMessage remembered() {
    return recent[dice.below((int) Math.min(made, REMEMBERED))];
  }

  private TrafficMessage tied(ScanRecord scan) {
    return write(scan.key(), scan.lastScanned(), responses.besides(scan.response(), dice));
  }

  /** Late in general, and often later than a scan of the same key that was just made. */
  private TrafficMessage late() {
    boolean veryLate = dice.chance(LATE_BY_MORE_THAN_A_DAY);
    long scannedAt = Math.max(0, present() - 1 - dice.below(veryLate ? YEAR : DAY));
    ScanKey key = dice.below(2) == 0 || made == 0 ? randomKey() : rememberedKey();
    return write(key, scannedAt, responses.next(dice));
  }

  private ScanKey rememberedKey() {
    return remembered().record().map(ScanRecord::key).orElseGet(this::randomKey);
  }

  private TrafficMessage fresh() {
    boolean ahead = dice.chance(options.odd() * AHEAD_SHARE_OF_ODD);
    long scannedAt = ahead ? present() + dice.below(HOUR) : present() - dice.below(JITTER_SECONDS);
    return write(randomKey(), Math.max(0, scannedAt), responses.next(dice));
  }

  private ScanKey randomKey() {
    return keys.key(dice.below(options.keys()));
  }

  private long present() {
    return options.baseTime().getEpochSecond() + made / MESSAGES_PER_SECOND;
  }

  private TrafficMessage write(ScanKey key, long scannedAt, Response response) {
    ScanRecord scan = ScanRecord.ofScan(key, scannedAt, response);
    int version = dice.below(2) == 0 && response.isText() ? 2 : 1;
    byte[] payload =
        dice.chance(options.odd())
            ? OddWriter.write(scan, version, dice)
            : plainWriter.write(scan, version);
    return TrafficMessage.becoming(scan, payload);
  }
}
