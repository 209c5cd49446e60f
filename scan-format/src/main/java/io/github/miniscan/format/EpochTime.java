package io.github.miniscan.format;

import io.github.miniscan.VisibleText;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole seconds since the epoch as ISO 8601 in UTC: {@code 2023-11-14T22:13:20Z}.
 *
 * <p>Any number of seconds up to 2^63-1 has a form, beyond the year that {@link java.time.Instant}
 * ends in; years after 9999 are written with a sign, as Instant does.
 */
public final class EpochTime {

  /** The Gregorian calendar repeats itself after this number of years and seconds. */
  private static final int CYCLE_YEARS = 400;

  private static final long CYCLE_SECONDS = 146_097L * 86_400;

  private static final Pattern FORM =
      Pattern.compile("(\\+?\\d{4,12})(-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)Z");

  private EpochTime() {}

  /** Returns the time as text. */
  public static String text(long epochSecond) {
    LocalDateTime time = inCycle(epochSecond);
    StringBuilder text = new StringBuilder(20);
    appendDate(text, epochSecond, time);
    appendPadded(text.append('T'), time.getHour(), 2);
    appendPadded(text.append(':'), time.getMinute(), 2);
    appendPadded(text.append(':'), time.getSecond(), 2);
    return text.append('Z').toString();
  }

  /** Returns the day of the time as text: {@code 2023-11-14}. */
  public static String date(long epochSecond) {
    StringBuilder text = new StringBuilder(10);
    appendDate(text, epochSecond, inCycle(epochSecond));
    return text.toString();
  }

  /**
   * Returns the time that {@link #text} has written.
   *
   * @throws IllegalArgumentException when the text is another one
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      long year = Long.parseLong(form.group(1));
      // The same day of the calendar, in a year that LocalDateTime knows.
      String inCycle = year % CYCLE_YEARS + 5 * CYCLE_YEARS + form.group(2);
      try {
        long second =
            Math.addExact(
                LocalDateTime.parse(inCycle).toEpochSecond(ZoneOffset.UTC),
                Math.multiplyExact(year / CYCLE_YEARS - 5, CYCLE_SECONDS));
        if (text(second).equals(text)) {
          return second;
        }
      } catch (DateTimeException | ArithmeticException e) {
        throw malformed(text);
      }
    }
    throw malformed(text);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "not a time: \"" + VisibleText.shortened(text) + "\" (UTC, as in 2023-11-14T22:13:20Z)");
  }

  private static void appendDate(StringBuilder text, long epochSecond, LocalDateTime inCycle) {
    long year = inCycle.getYear() + Math.floorDiv(epochSecond, CYCLE_SECONDS) * CYCLE_YEARS;
    if (year > 9_999) {
      text.append('+').append(year);
    } else {
      appendPadded(text, year, 4);
    }
    appendPadded(text.append('-'), inCycle.getMonthValue(), 2);
    appendPadded(text.append('-'), inCycle.getDayOfMonth(), 2);
  }

  /** The time, some whole cycles earlier or later. */
  private static LocalDateTime inCycle(long epochSecond) {
    return LocalDateTime.ofEpochSecond(
        Math.floorMod(epochSecond, CYCLE_SECONDS), 0, ZoneOffset.UTC);
  }

  private static void appendPadded(StringBuilder text, long number, int width) {
    String digits = Long.toString(number);
    text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
  }
}
