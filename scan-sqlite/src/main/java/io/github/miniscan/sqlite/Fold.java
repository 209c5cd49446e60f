package io.github.miniscan.sqlite;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.store.Decoded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record a key, in the order of keys, in which a B-tree is written fastest.
 *
 * <p>Comparing keys runs through memory in all directions. So numbers are sorted first, each made
 * of the beginning of a key and of where its record is, and keys are compared only where their
 * beginnings are equal.
 */
final class Fold {

  private static final Comparator<ScanRecord> BY_KEY = Comparator.comparing(ScanRecord::key);

  /** How many low bits say where the record is: enough for every batch, as a rule. */
  private static final int PLACE_BITS = 20;

  private static final int MAX_PLACES = 1 << PLACE_BITS;
  private static final long PLACE = MAX_PLACES - 1;

  private Fold() {}

  static List<ScanRecord> byKey(List<Decoded<ScanRecord>> scans) {
    ScanRecord[] sorted = new ScanRecord[scans.size()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = scans.get(i).record();
    }
    return merged(sorted.length <= MAX_PLACES ? sorted(sorted) : slowlySorted(sorted));
  }

  private static ScanRecord[] slowlySorted(ScanRecord[] records) {
    Arrays.sort(records, BY_KEY);
    return records;
  }

  private static ScanRecord[] sorted(ScanRecord[] records) {
    long[] order = new long[records.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = beginning(records[i].key()) | i;
    }
    Arrays.sort(order);
    ScanRecord[] sorted = new ScanRecord[records.length];
    int start = 0;
    for (int i = 0; i < order.length; i++) {
      if ((order[i] & ~PLACE) != (order[start] & ~PLACE)) {
        sort(sorted, start, i);
        start = i;
      }
      sorted[i] = records[(int) (order[i] & PLACE)];
    }
    sort(sorted, start, order.length);
    return sorted;
  }

  private static void sort(ScanRecord[] records, int from, int to) {
    if (to - from > 1) {
      Arrays.sort(records, from, to, BY_KEY);
    }
  }

  /** As many bits of a key as fit, in an order of signed numbers that keys have too. */
  private static long beginning(ScanKey key) {
    IpAddress ip = key.ip();
    // The family, 32 bits of an IPv4 address and the upper 11 of the port; or the upper 43 of 128.
    long bits = ip.isV4() ? ip.low() << 31 | (long) key.port() << 15 : ip.high() >>> 1;
    return (ip.isV4() ? Long.MIN_VALUE | bits : bits) & ~PLACE;
  }

  private static List<ScanRecord> merged(ScanRecord[] sorted) {
    List<ScanRecord> folded = new ArrayList<>(sorted.length);
    @Nullable ScanRecord current = null;
    for (ScanRecord scan : sorted) {
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
    return folded;
  }
}
