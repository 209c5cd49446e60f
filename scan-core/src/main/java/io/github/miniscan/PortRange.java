package io.github.miniscan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A closed range of ports.
 *
 * <p>Ranges sort by their first port, and then by their last.
 *
 * @param first the least port of the range, 0 to 65535
 * @param last the greatest port of the range, {@code first} to 65535
 */
public record PortRange(int first, int last) implements Comparable<PortRange> {

  /**
   * Creates a range.
   *
   * @throws IllegalArgumentException when a port is out of range, or the last is less than the
   *     first
   */
  public PortRange {
    if (!ScanKey.isPort(first) || !ScanKey.isPort(last)) {
      int wrong = ScanKey.isPort(first) ? last : first;
      throw new IllegalArgumentException("port out of range: " + wrong + " (0 to 65535)");
    }
    if (first > last) {
      throw new IllegalArgumentException("range ends before it begins: " + first + "-" + last);
    }
  }

  /** Returns the range of one port. */
  public static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /**
   * Reads a port ({@code 443}) or a range ({@code 8000-8100}).
   *
   * @throws IllegalArgumentException when the text is neither; the message says why
   */
  public static PortRange parse(CharSequence text) {
    String whole = text.toString();
    int dash = whole.indexOf('-', 1);
    return dash < 0
        ? of(port(whole))
        : new PortRange(port(whole.substring(0, dash)), port(whole.substring(dash + 1)));
  }

  private static int port(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "not a port: \""
              + VisibleText.shortened(text)
              + "\" (0 to 65535, or a range as in"
              + " 8000-8100)");
    }
    return Integer.parseInt(text);
  }

  /** Returns whether the port lies in this range. */
  public boolean contains(int port) {
    return first <= port && port <= last;
  }

  /** Returns the same ports as the fewest ranges that are disjoint and ascending. */
  public static List<PortRange> disjoint(Collection<PortRange> ranges) {
    List<PortRange> disjoint = new ArrayList<>(ranges.size());
    for (PortRange range : ranges.stream().sorted().toList()) {
      PortRange before = disjoint.isEmpty() ? null : disjoint.get(disjoint.size() - 1);
      if (before != null && range.first <= before.last + 1) {
        disjoint.set(
            disjoint.size() - 1, new PortRange(before.first, Math.max(before.last, range.last)));
      } else {
        disjoint.add(range);
      }
    }
    return List.copyOf(disjoint);
  }

  @Override
  public int compareTo(PortRange other) {
    return first != other.first
        ? Integer.compare(first, other.first)
        : Integer.compare(last, other.last);
  }

  /** Returns the port, or {@code FIRST-LAST}; {@link #parse} reads it. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
