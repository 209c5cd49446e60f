package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Utf8;
import io.github.miniscan.store.AttributesJson;
import io.github.miniscan.store.DeadLetterQuery;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of the table {@code dead_letter}: how its rows are written and read. */
final class DeadLetterTable {

  /** Keeps the first of several copies. */
  private static final String KEEP =
      """
      INSERT INTO dead_letter (id, reason, detail, message_id, publish_time, publish_nanos,
        received_at, received_nanos, attributes, payload)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING
      """;

  private static final String REMOVE = "DELETE FROM dead_letter WHERE id = ?";

  private static final String UPDATE_REASON =
      "UPDATE dead_letter SET reason = ?, detail = ? WHERE id = ?";

  private static final String SELECT =
      """
      SELECT id, reason, detail, message_id, publish_time, publish_nanos,
        received_at, received_nanos, attributes, %s
      FROM dead_letter
      """;

  private static final String FIND = SELECT.formatted("payload") + "WHERE id = ?";

  private static final String FIND_ARRIVAL =
      "SELECT received_at, received_nanos FROM dead_letter WHERE id = ?";

  private static final String PAGE =
      SELECT.formatted("iif(%s, payload, NULL)")
          + """
          WHERE (received_at, received_nanos, id) > (?, ?, ?)
            AND (received_at, received_nanos) < (?, ?)
          ORDER BY received_at, received_nanos, id
          LIMIT ?
          """;

  private DeadLetterTable() {}

  static void keep(Statements statements, List<DeadLetter> letters) throws SQLException {
    if (letters.isEmpty()) {
      return;
    }
    PreparedStatement keep = statements.prepared(KEEP);
    // In the order of the index, in which a B-tree is written fastest.
    List<DeadLetter> byId = letters.stream().sorted(Comparator.comparing(DeadLetter::id)).toList();
    for (DeadLetter letter : byId) {
      Message message = letter.message();
      Instant received = letter.receivedAt();
      @Nullable Instant published = message.publishTime().orElse(null);
      keep.setString(1, letter.id());
      keep.setString(2, letter.reason().code());
      setText(keep, 3, letter.detail());
      setText(keep, 4, message.id());
      if (published == null) {
        keep.setNull(5, Types.INTEGER);
        keep.setNull(6, Types.INTEGER);
      } else {
        keep.setLong(5, published.getEpochSecond());
        keep.setInt(6, published.getNano());
      }
      keep.setLong(7, received.getEpochSecond());
      keep.setInt(8, received.getNano());
      keep.setString(9, AttributesJson.write(message.attributes()));
      keep.setBytes(10, message.payload());
      keep.addBatch();
    }
    keep.executeBatch();
  }

  /** Binds a text, as a BLOB where it has U+0000, which SQLite's tools take for its end. */
  private static void setText(PreparedStatement statement, int parameter, String text)
      throws SQLException {
    if (text.indexOf('\0') < 0) {
      statement.setString(parameter, text);
    } else {
      statement.setBytes(parameter, Utf8.encode(text));
    }
  }

  /** Removes the dead letters that there are, and returns their number. */
  static int remove(Statements statements, Collection<String> ids) throws SQLException {
    if (ids.isEmpty()) {
      return 0;
    }
    PreparedStatement remove = statements.prepared(REMOVE);
    for (String id : ids) {
      remove.setString(1, id);
      remove.addBatch();
    }
    int removed = 0;
    for (int rows : remove.executeBatch()) {
      removed += rows;
    }
    return removed;
  }

  static void updateReason(Statements statements, String id, Reason reason, String detail)
      throws SQLException {
    PreparedStatement update = statements.prepared(UPDATE_REASON);
    update.setString(1, reason.code());
    setText(update, 2, detail);
    update.setString(3, id);
    update.executeUpdate();
  }

  /** Returns the rows that may be asked for, page after page. */
  static PagedStream.Source<DeadLetter> pages(DeadLetterQuery query) {
    return query
        .ids()
        .<PagedStream.Source<DeadLetter>>map(LettersWithIds::new)
        .orElseGet(() -> new LettersByArrival(query));
  }

  /**
   * Returns the query for a page: rows in the order of arrival, after one arrival and before
   * another. Rows that do not fulfil a condition come without their payload, which is not read.
   */
  static String page(Condition wanted) {
    return PAGE.formatted(wanted.sql());
  }

  private static final class LettersByArrival implements PagedStream.Source<DeadLetter> {

    private final Condition wanted = new Condition();
    private final String select;
    private final long beforeSecond;
    private final int beforeNano;
    private long afterSecond;
    private int afterNano;
    private String afterId = "";

    LettersByArrival(DeadLetterQuery query) {
      query
          .reasons()
          .ifPresent(any -> wanted.isOneOf("reason", any.stream().map(Reason::code).toList()));
      if (!query.idPrefix().isEmpty()) {
        wanted.add("instr(id, ?) = 1", query.idPrefix());
      }
      select = page(wanted);
      // Beyond all times, so that a damaged row is noticed.
      Instant since = query.receivedSince();
      afterSecond = since.equals(Instant.MIN) ? Long.MIN_VALUE : since.getEpochSecond();
      afterNano = since.getNano();
      Instant before = query.receivedBefore();
      beforeSecond = before.equals(Instant.MAX) ? Long.MAX_VALUE : before.getEpochSecond();
      beforeNano = before.getNano();
    }

    @Override
    public boolean read(Statements statements, PagedStream.Page<DeadLetter> page)
        throws SQLException {
      PreparedStatement query = statements.prepared(select);
      int parameter = wanted.bind(query);
      query.setLong(parameter++, afterSecond);
      query.setInt(parameter++, afterNano);
      query.setString(parameter++, afterId);
      query.setLong(parameter++, beforeSecond);
      query.setInt(parameter++, beforeNano);
      query.setInt(parameter, page.maxRows());
      int seen = 0;
      try (ResultSet rows = query.executeQuery()) {
        while (!page.isFull() && rows.next()) {
          seen++;
          byte @Nullable [] payload = rows.getBytes(10);
          if (payload != null || seen == page.maxRows()) {
            advance(rows);
          }
          if (payload != null) {
            add(page, letterOf(rows, payload));
          }
        }
      }
      return page.isFull() || seen == page.maxRows();
    }

    /**
     * Throws unless the row comes after the one before: a damaged file could be read in circles.
     */
    private void advance(ResultSet row) throws SQLException {
      long second = row.getLong(7);
      int nano = row.getInt(8);
      String id = row.getString(1);
      int order = Long.compare(second, afterSecond);
      order = order != 0 ? order : Integer.compare(nano, afterNano);
      order = order != 0 ? order : Utf8.compare(id, afterId);
      if (order <= 0) {
        throw Failures.damaged("the rows of dead_letter are out of order", null);
      }
      afterSecond = second;
      afterNano = nano;
      afterId = id;
    }
  }

  /** Looks the ids up one by one, and sorts them by arrival before the first page. */
  private static final class LettersWithIds implements PagedStream.Source<DeadLetter> {

    private final Set<String> ids;
    private @Nullable Iterator<Place> byArrival;

    LettersWithIds(Set<String> ids) {
      this.ids = ids;
    }

    private record Place(Instant receivedAt, String id) {}

    @Override
    public boolean read(Statements statements, PagedStream.Page<DeadLetter> page)
        throws SQLException {
      Iterator<Place> places = byArrival == null ? byArrival(statements) : byArrival;
      byArrival = places;
      PreparedStatement find = statements.prepared(FIND);
      for (int seen = 0; seen < page.maxRows() && !page.isFull() && places.hasNext(); seen++) {
        find.setString(1, places.next().id());
        try (ResultSet row = find.executeQuery()) {
          if (row.next()) {
            add(page, letterOf(row, row.getBytes(10)));
          }
        }
      }
      return places.hasNext();
    }

    private Iterator<Place> byArrival(Statements statements) throws SQLException {
      List<Place> places = new ArrayList<>();
      PreparedStatement find = statements.prepared(FIND_ARRIVAL);
      for (String id : ids) {
        find.setString(1, id);
        try (ResultSet row = find.executeQuery()) {
          if (row.next()) {
            places.add(new Place(instant(row, 1), id));
          }
        }
      }
      places.sort(Comparator.comparing(Place::receivedAt).thenComparing(Place::id, Utf8::compare));
      return places.iterator();
    }
  }

  private static void add(PagedStream.Page<DeadLetter> page, DeadLetter letter) {
    page.add(letter, sizeOf(letter));
  }

  /** Returns the number of bytes and characters that take memory. */
  static int sizeOf(DeadLetter letter) {
    int size = letter.message().payload().length + letter.detail().length();
    for (var attribute : letter.message().attributes().entrySet()) {
      size += attribute.getKey().length() + attribute.getValue().length();
    }
    return size;
  }

  /** Reads seconds and, from the next column, nanoseconds. */
  private static Instant instant(ResultSet row, int column) throws SQLException {
    try {
      return Instant.ofEpochSecond(row.getLong(column), row.getLong(column + 1));
    } catch (DateTimeException | ArithmeticException e) {
      throw Failures.damaged("invalid time in dead_letter: " + e.getMessage(), e);
    }
  }

  private static DeadLetter letterOf(ResultSet row, byte[] payload) throws SQLException {
    try {
      row.getLong(5);
      @Nullable Instant publishTime = row.wasNull() ? null : instant(row, 5);
      Map<String, String> attributes = AttributesJson.read(row.getString(9));
      Message message = new Message(row.getString(4), payload, attributes, publishTime);
      Reason reason = new Reason(row.getString(2));
      return new DeadLetter(row.getString(1), reason, row.getString(3), message, instant(row, 7));
    } catch (IOException | RuntimeException e) {
      throw Failures.damaged("invalid row in dead_letter: " + e.getMessage(), e);
    }
  }
}
