package io.github.miniscan.store;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Folds scans to one record for each key, in key order, in which a B-tree is written fastest: for
 * stores whose tables have one row for each key.
 *
 * <p>Comparing keys causes cache misses. So numbers are sorted first, each made of the beginning of
 * a key and of the position of its record; keys are compared only where their beginnings are equal.
 */
public final class OnePerKey {

  private static final Comparator<ScanRecord> BY_KEY = Comparator.comparing(ScanRecord::key);

  /** The low bits of a number hold the position of its record: enough for every usual batch. */
  private static final int INDEX_BITS = 20;

  private static final int MAX_RECORDS = 1 << INDEX_BITS;
  private static final long INDEX = MAX_RECORDS - 1;

  /** A number of records that are compared faster than numbered. */
  private static final int FEW = 16;

  /** The numbers that hold an address. */
  private static final int PLACES = 3;

  private OnePerKey() {}

  /** Returns the merged record of each key, in key order. */
  public static List<ScanRecord> fold(List<Decoded<ScanRecord>> scans) {
    ScanRecord[] records = new ScanRecord[scans.size()];
    for (int i = 0; i < records.length; i++) {
      records[i] = scans.get(i).record();
    }
    List<ScanRecord> folded = new ArrayList<>(records.length);
    fold(records, 0, records.length, 0, folded);
    return folded;
  }

  /**
   * Folds records whose keys have the same bits in all places before this one. A record that has
   * its bits for itself is not looked at again.
   *
   * @param place of the bits in the key, in the unit of what a number holds
   */
  private static void fold(
      ScanRecord[] records, int from, int to, int place, List<ScanRecord> folded) {
    int count = to - from;
    if (count == 1) {
      folded.add(records[from]);
    } else if (place == PLACES || count < FEW || count > MAX_RECORDS) {
      Arrays.sort(records, from, to, BY_KEY);
      merge(records, from, to, folded);
    } else {
      foldByNumber(records, from, to, place, folded);
    }
  }

  private static void foldByNumber(
      ScanRecord[] records, int from, int to, int place, List<ScanRecord> folded) {
    int count = to - from;
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = bits(records[from + i].key(), place) | i;
    }
    Arrays.sort(order);
    ScanRecord[] unsorted = Arrays.copyOfRange(records, from, to);
    int start = 0;
    for (int i = 0; i < count; i++) {
      if ((order[i] & ~INDEX) != (order[start] & ~INDEX)) {
        fold(records, from + start, from + i, place + 1, folded);
        start = i;
      }
      records[from + i] = unsorted[(int) (order[i] & INDEX)];
    }
    fold(records, from + start, to, place + 1, folded);
  }

  /** Returns the next bits of a key that fit; as signed numbers they sort as keys do. */
  private static long bits(ScanKey key, int place) {
    IpAddress ip = key.ip();
    if (ip.isV4()) {
      // First the family and 32 bits of the address with the upper 11 of the port, then the port.
      long port = (long) key.port() << 15;
      return place == 0 ? Long.MIN_VALUE | (ip.low() << 31 | port) & ~INDEX : port << 16;
    }
    // 43 and 43 bits of the address, then the other 42.
    return switch (place) {
          case 0 -> ip.high() >>> 1;
          case 1 -> (ip.high() << 42 | ip.low() >>> 22) & Long.MAX_VALUE;
          default -> (ip.low() << 21) & Long.MAX_VALUE;
        }
        & ~INDEX;
  }

  private static void merge(ScanRecord[] sorted, int from, int to, List<ScanRecord> folded) {
    @Nullable ScanRecord current = null;
    for (int i = from; i < to; i++) {
      ScanRecord scan = sorted[i];
      if (current == null) {
        current = scan;
      } else if (current.key().equals(scan.key())) {
        current = current.merge(scan);
      } else {
        folded.add(current);
        current = scan;
      }
    }
    if (current != null) {
      folded.add(current);
    }
  }
}
