package io.github.miniscan.cli.output;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.format.EpochTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Dead letters as people see them. */
final class DeadLetterTable implements ForPeople<DeadLetter> {

  /** Enough of an id to be the only one that begins so, and few enough digits to be typed. */
  private static final int ID_DIGITS = 12;

  private static final Column<DeadLetter> ID =
      Column.whole(
          "ID", letter -> letter.id().substring(0, Math.min(ID_DIGITS, letter.id().length())));
  private static final Column<DeadLetter> REASON =
      Column.whole("REASON", letter -> letter.reason().code());
  private static final Column<DeadLetter> RECEIVED =
      Column.whole("RECEIVED", letter -> EpochTime.text(letter.receivedAt().getEpochSecond()));
  private static final Column<DeadLetter> RECEIVED_DAY =
      Column.whole("RECEIVED", letter -> EpochTime.date(letter.receivedAt().getEpochSecond()));
  private static final Column<DeadLetter> BYTES =
      Column.whole("BYTES", letter -> Integer.toString(letter.message().payload().length));
  private static final Column<DeadLetter> DETAIL = Column.cut("DETAIL", DeadLetter::detail);

  @Override
  public List<List<Column<DeadLetter>>> tables() {
    return List.of(
        List.of(ID, REASON, RECEIVED, BYTES, DETAIL),
        List.of(ID, REASON, RECEIVED_DAY, BYTES, DETAIL));
  }

  @Override
  public Map<String, String> page(DeadLetter letter) {
    Message message = letter.message();
    Map<String, String> page = new LinkedHashMap<>();
    page.put("id", letter.id());
    page.put("reason", letter.reason().code());
    page.put("detail", letter.detail());
    page.put("message id", message.id());
    page.put("published", message.publishTime().map(Instant::toString).orElse("(unknown)"));
    page.put("received", letter.receivedAt().toString());
    new TreeMap<>(message.attributes())
        .forEach((name, value) -> page.put("attribute " + name, value));
    page.put("bytes", Integer.toString(message.payload().length));
    page.put("payload", new String(message.payload(), StandardCharsets.UTF_8));
    return page;
  }
}
