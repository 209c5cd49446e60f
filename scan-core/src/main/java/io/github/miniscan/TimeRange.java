package io.github.miniscan;

/**
 * A range of scan times, in whole seconds since the epoch, both ends included.
 *
 * @param first the earliest second; {@link Long#MIN_VALUE} for no beginning
 * @param last the latest second; {@link Long#MAX_VALUE} for no end; less than {@code first} in a
 *     range without any time
 */
public record TimeRange(long first, long last) {

  /** The range of all times. */
  public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /** Returns this range without the times before a second. */
  public TimeRange since(long second) {
    return new TimeRange(Math.max(first, second), last);
  }

  /** Returns this range without a second and the times after it. */
  public TimeRange before(long second) {
    return second == Long.MIN_VALUE
        ? new TimeRange(0, -1)
        : new TimeRange(first, Math.min(last, second - 1));
  }

  /** Returns whether the time lies in this range. */
  public boolean contains(long second) {
    return first <= second && second <= last;
  }
}
