package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.miniscan.DeadLetter;
import io.github.miniscan.ScanRecord;
import java.io.IOException;
import java.util.List;

/**
 * The parts of one kind of value: the members of its JSON objects and the columns of its CSV.
 *
 * @param <T> the type of the values
 */
public abstract class Columns<T> {

  private final List<String> names;

  Columns(String... names) {
    this.names = List.of(names);
  }

  /** Returns the columns of records. */
  public static Columns<ScanRecord> ofRecords() {
    return new RecordColumns();
  }

  /** Returns the columns of dead letters. */
  public static Columns<DeadLetter> ofDeadLetters() {
    return new DeadLetterColumns();
  }

  /** Returns the names of the columns, in order. */
  public final List<String> names() {
    return names;
  }

  /** Writes a value as a JSON object. */
  public final void writeObject(T value, JsonGenerator json) throws IOException {
    json.writeStartObject();
    writeMembers(value, json);
    json.writeEndObject();
  }

  /** Returns the fields of a value, one for each name, without guards against formulas. */
  public abstract List<String> fields(T value);

  abstract void writeMembers(T value, JsonGenerator json) throws IOException;

  /**
   * Makes a value of its members, of which some may be absent.
   *
   * @throws MalformedValueException when they make none
   * @throws IllegalArgumentException when a value is out of its range
   */
  abstract T value(Members members) throws MalformedValueException;
}
