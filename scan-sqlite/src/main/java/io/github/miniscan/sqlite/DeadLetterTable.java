package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Utf8;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
        received_at, received_nanos, attributes, payload
      FROM dead_letter
      """;

  private static final String FIND = SELECT + "WHERE id = ?";

  /** A page of rows: after an arrival, in the order of arrival. */
  private static final String PAGE =
      SELECT
          + """
          WHERE (received_at, received_nanos, id) > (?, ?, ?)
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
      keep.setString(2, letter.reason().name());
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
      keep.setString(9, Attributes.toJson(message.attributes()));
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
    update.setString(1, reason.name());
    setText(update, 2, detail);
    update.setString(3, id);
    update.executeUpdate();
  }

  static Optional<DeadLetter> find(Statements statements, String id) throws SQLException {
    PreparedStatement find = statements.prepared(FIND);
    find.setString(1, id);
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? Optional.of(letterOf(row)) : Optional.empty();
    }
  }

  /** Returns all rows, page after page. */
  static PagedStream.Source<DeadLetter> pages() {
    return new LetterPages();
  }

  private static final class LetterPages implements PagedStream.Source<DeadLetter> {

    private Instant afterArrival = Instant.MIN;
    private String afterId = "";

    @Override
    public boolean read(Statements statements, PagedStream.Page<DeadLetter> page)
        throws SQLException {
      PreparedStatement select = statements.prepared(PAGE);
      select.setLong(1, afterArrival.getEpochSecond());
      select.setInt(2, afterArrival.getNano());
      select.setString(3, afterId);
      select.setInt(4, page.maxRows());
      int seen = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (!page.isFull() && rows.next()) {
          seen++;
          DeadLetter letter = letterOf(rows);
          advance(letter);
          page.add(letter, letter.message().payload().length);
        }
      }
      return page.isFull() || seen == page.maxRows();
    }

    /**
     * Throws unless the row comes after the one before: a damaged file could be read in circles.
     */
    private void advance(DeadLetter letter) throws SQLException {
      int order = letter.receivedAt().compareTo(afterArrival);
      order = order != 0 ? order : Utf8.compare(letter.id(), afterId);
      if (order <= 0) {
        throw Failures.damaged("the rows of dead_letter are out of order", null);
      }
      afterArrival = letter.receivedAt();
      afterId = letter.id();
    }
  }

  private static DeadLetter letterOf(ResultSet row) throws SQLException {
    try {
      long published = row.getLong(5);
      @Nullable Instant publishTime =
          row.wasNull() ? null : Instant.ofEpochSecond(published, row.getLong(6));
      Message message =
          new Message(
              row.getString(4), row.getBytes(10), Attributes.ofJson(row.getString(9)), publishTime);
      return new DeadLetter(
          row.getString(1),
          Reason.valueOf(row.getString(2)),
          row.getString(3),
          message,
          Instant.ofEpochSecond(row.getLong(7), row.getLong(8)));
    } catch (IOException | RuntimeException e) {
      throw Failures.damaged("invalid row in dead_letter: " + e.getMessage(), e);
    }
  }
}
