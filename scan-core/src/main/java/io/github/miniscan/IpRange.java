package io.github.miniscan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A closed range of addresses of one family.
 *
 * <p>Ranges sort by their first address, and then by their last.
 *
 * @param first the least address of the range
 * @param last the greatest address of the range, of the same family
 */
public record IpRange(IpAddress first, IpAddress last) implements Comparable<IpRange> {

  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;
  private static final int MAPPED_PREFIX = V6_BITS - V4_BITS;

  /** The IPv6 address before the IPv4-mapped ones, which are IPv4 hosts. */
  private static final IpAddress LAST_BEFORE_MAPPED = IpAddress.ofV6(0, 0xfffe_ffff_ffffL);

  /**
   * Creates a range.
   *
   * @throws IllegalArgumentException when the families differ, or the last address is less than the
   *     first
   */
  public IpRange {
    requireNonNull(first, "first");
    requireNonNull(last, "last");
    if (first.isV4() != last.isV4()) {
      throw new IllegalArgumentException(
          "range of two families: " + first + "-" + last + " (give one range for each)");
    }
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException(
          "range ends before it begins: "
              + first
              + "-"
              + last
              + " (did you mean "
              + last
              + "-"
              + first
              + "?)");
    }
  }

  /** Returns the range of one address. */
  public static IpRange of(IpAddress address) {
    return new IpRange(address, address);
  }

  /**
   * Returns the network with this prefix. IPv4-mapped addresses belong to no IPv6 network.
   *
   * @param prefix the number of leading bits that all its addresses share: 0 to 32, or to 128
   * @throws IllegalArgumentException when the prefix is out of range, or the address has a bit
   *     after it
   */
  public static IpRange network(IpAddress address, int prefix) {
    int bits = address.isV4() ? V4_BITS : V6_BITS;
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException(
          "prefix out of range: " + address + "/" + prefix + " (0 to " + bits + ")");
    }
    int free = bits - prefix;
    long lowHost = free >= Long.SIZE ? -1L : (1L << free) - 1;
    long highHost = free <= Long.SIZE ? 0 : free == V6_BITS ? -1L : (1L << (free - Long.SIZE)) - 1;
    IpAddress first = of(address, address.high() & ~highHost, address.low() & ~lowHost);
    if (!first.equals(address)) {
      throw new IllegalArgumentException(
          "host bits set: "
              + address
              + "/"
              + prefix
              + " (the network is "
              + first
              + "/"
              + prefix
              + ")");
    }
    IpAddress last = of(address, address.high() | highHost, address.low() | lowHost);
    return new IpRange(first, last.isV4() == address.isV4() ? last : LAST_BEFORE_MAPPED);
  }

  private static IpAddress of(IpAddress family, long high, long low) {
    return family.isV4() ? IpAddress.ofV4((int) low) : IpAddress.ofV6(high, low);
  }

  /**
   * Reads an address ({@code 10.1.2.3}), a network ({@code 10.0.0.0/8}, {@code 2001:db8::/32}) or a
   * range ({@code 10.0.0.1-10.0.0.9}). An IPv4-mapped network of at least 96 bits is the IPv4
   * network.
   *
   * @throws IllegalArgumentException when the text is none of them; the message says why
   */
  public static IpRange parse(CharSequence text) {
    String whole = text.toString();
    int slash = whole.indexOf('/');
    if (slash >= 0) {
      return parseNetwork(whole, slash);
    }
    int dash = whole.indexOf('-');
    return dash < 0
        ? of(IpAddress.parse(whole))
        : new IpRange(
            IpAddress.parse(whole.substring(0, dash)), IpAddress.parse(whole.substring(dash + 1)));
  }

  private static IpRange parseNetwork(String whole, int slash) {
    String literal = whole.substring(0, slash);
    String digits = whole.substring(slash + 1);
    IpAddress address = IpAddress.parse(literal);
    if (!digits.matches("0|[1-9]\\d{0,2}")) {
      throw new IllegalArgumentException(
          "not a prefix length: \""
              + VisibleText.shortened(digits)
              + "\" in \""
              + VisibleText.shortened(whole)
              + "\" (a number, as in 10.0.0.0/8)");
    }
    int prefix = Integer.parseInt(digits);
    boolean mapped = address.isV4() && literal.indexOf(':') >= 0;
    if (mapped && prefix < MAPPED_PREFIX) {
      throw new IllegalArgumentException(
          "prefix out of range: "
              + VisibleText.shortened(whole)
              + " (an IPv4-mapped network has 96 to 128 bits)");
    }
    return network(address, mapped ? prefix - MAPPED_PREFIX : prefix);
  }

  /** Returns whether the address lies in this range. */
  public boolean contains(IpAddress address) {
    return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
  }

  /** Returns the same addresses as the fewest ranges that are disjoint and ascending. */
  public static List<IpRange> disjoint(Collection<IpRange> ranges) {
    List<IpRange> disjoint = new ArrayList<>(ranges.size());
    for (IpRange range : ranges.stream().sorted().toList()) {
      IpRange before = disjoint.isEmpty() ? null : disjoint.get(disjoint.size() - 1);
      if (before != null && before.reaches(range)) {
        IpAddress last = before.last.compareTo(range.last) >= 0 ? before.last : range.last;
        disjoint.set(disjoint.size() - 1, new IpRange(before.first, last));
      } else {
        disjoint.add(range);
      }
    }
    return List.copyOf(disjoint);
  }

  /** Whether a range that does not begin earlier overlaps this one or follows without a gap. */
  private boolean reaches(IpRange later) {
    if (first.isV4() != later.first.isV4()) {
      return false;
    }
    long low = last.low() + 1;
    boolean carry = low == 0;
    boolean follows =
        later.first.low() == low && later.first.high() == last.high() + (carry ? 1 : 0);
    return later.first.compareTo(last) <= 0 || follows;
  }

  @Override
  public int compareTo(IpRange other) {
    int byFirst = first.compareTo(other.first);
    return byFirst != 0 ? byFirst : last.compareTo(other.last);
  }

  /** Returns the address, or {@code FIRST-LAST}; {@link #parse} reads it. */
  @Override
  public String toString() {
    return first.equals(last) ? first.toString() : first + "-" + last;
  }
}
