package io.github.miniscan.sqlite;

import io.github.miniscan.DeadLetter;
import io.github.miniscan.Message;
import io.github.miniscan.Reason;
import io.github.miniscan.Utf8;
import io.github.miniscan.store.AttributesJson;
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

/** The rows of {@code dead_letter}: how they are written, and how they are read. */
final class DeadLetterTable {

  /** Of copies the first stays. */
  static final String KEEP =
      """
      INSERT INTO dead_letter (id, reason, detail, message_id, publish_time, publish_nanos,
        received_at, received_nanos, attributes, payload)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING
      """;

  static final String REMOVE = "DELETE FROM dead_letter WHERE id = ?";

  static final String UPDATE_REASON = "UPDATE dead_letter SET reason = ?, detail = ? WHERE id = ?";

  private static final String SELECT =
      """
      SELECT id, reason, detail, message_id, publish_time, publish_nanos,
        received_at, received_nanos, attributes, payload
      FROM dead_letter
      """;

  static final String FIND = SELECT + "WHERE id = ?";

  /** A page of rows: after an arrival, in the order of arrival. */
  static final String PAGE =
      SELECT
          + """
          WHERE (received_at, received_nanos, id) > (?, ?, ?)
          ORDER BY received_at, received_nanos, id
          LIMIT ?
          """;

  private DeadLetterTable() {}

  static void keep(PreparedStatement keep, List<DeadLetter> letters) throws SQLException {
    if (letters.isEmpty()) {
      return;
    }
    // In the order of the index, in which a B-tree is written fastest.
    List<DeadLetter> byId = letters.stream().sorted(Comparator.comparing(DeadLetter::id)).toList();
    for (DeadLetter letter : byId) {
      Message message = letter.message();
      Instant received = letter.receivedAt();
      @Nullable Instant published = message.publishTime().orElse(null);
      keep.setString(1, letter.id());
      keep.setString(2, letter.reason().code());
      keep.setString(3, letter.detail());
      keep.setString(4, message.id());
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

  /** Removes what is there, and says how many that were. */
  static int remove(PreparedStatement remove, Collection<String> ids) throws SQLException {
    if (ids.isEmpty()) {
      return 0;
    }
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

  static void updateReason(PreparedStatement update, String id, Reason reason, String detail)
      throws SQLException {
    update.setString(1, reason.code());
    update.setString(2, detail);
    update.setString(3, id);
    update.executeUpdate();
  }

  static Optional<DeadLetter> find(PreparedStatement find, String id) throws SQLException {
    find.setString(1, id);
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? Optional.of(letterOf(row)) : Optional.empty();
    }
  }

  /** All rows, page after page. */
  static Pages.Source<DeadLetter> pages() {
    return new LetterPages();
  }

  private static final class LetterPages implements Pages.Source<DeadLetter> {

    private Instant afterArrival = Instant.MIN;
    private String afterId = "";

    @Override
    public boolean read(ReadConnection connection, Pages.Page<DeadLetter> page)
        throws SQLException {
      PreparedStatement select = connection.letterPage();
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

    /** Each row comes after the one before, or a damaged file would be read in circles. */
    private void advance(DeadLetter letter) throws SQLException {
      int order = letter.receivedAt().compareTo(afterArrival);
      order = order != 0 ? order : Utf8.compare(letter.id(), afterId);
      if (order <= 0) {
        throw DatabaseFile.damaged("the rows of dead_letter are out of order", null);
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
              row.getString(4),
              row.getBytes(10),
              AttributesJson.read(row.getString(9)),
              publishTime);
      return new DeadLetter(
          row.getString(1),
          new Reason(row.getString(2)),
          row.getString(3),
          message,
          Instant.ofEpochSecond(row.getLong(7), row.getLong(8)));
    } catch (IOException | RuntimeException e) {
      throw DatabaseFile.damaged("a row of dead_letter is none: " + e.getMessage(), e);
    }
  }
}
