package io.github.miniscan.store;

import static java.util.Objects.requireNonNull;

import io.github.miniscan.IpAddress;
import io.github.miniscan.IpRange;
import io.github.miniscan.PortRange;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.TimeRange;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A condition on records: a record matches when everything that is given holds.
 *
 * <p>A part with several values holds where any of them does; a part with no value at all never
 * does. This class is the one place that states the rule. A store may use the parts to read less,
 * and leaves the decision to {@link #matches}. Immutable: each {@code with} method returns a new
 * filter, in which it replaces its part.
 */
public final class ScanFilter {

  private static final ScanFilter ALL =
      new ScanFilter(null, null, null, TimeRange.ALL, TimeRange.ALL);

  private final @Nullable List<IpRange> ips;
  private final @Nullable List<PortRange> ports;
  private final @Nullable Set<String> services;
  private final TimeRange firstScanned;
  private final TimeRange lastScanned;

  private ScanFilter(
      @Nullable List<IpRange> ips,
      @Nullable List<PortRange> ports,
      @Nullable Set<String> services,
      TimeRange firstScanned,
      TimeRange lastScanned) {
    this.ips = ips;
    this.ports = ports;
    this.services = services;
    this.firstScanned = requireNonNull(firstScanned, "firstScanned");
    this.lastScanned = requireNonNull(lastScanned, "lastScanned");
  }

  /** Returns the filter that every record matches. */
  public static ScanFilter all() {
    return ALL;
  }

  /** Returns this filter, for one host. */
  public ScanFilter withIp(IpAddress ip) {
    return withIps(List.of(IpRange.of(ip)));
  }

  /** Returns this filter, for the hosts of any of these ranges. */
  public ScanFilter withIps(Collection<IpRange> ranges) {
    return new ScanFilter(IpRange.disjoint(ranges), ports, services, firstScanned, lastScanned);
  }

  /**
   * Returns this filter, for one port.
   *
   * @throws IllegalArgumentException when it is not a port
   */
  public ScanFilter withPort(int port) {
    return withPorts(List.of(PortRange.of(port)));
  }

  /** Returns this filter, for the ports of any of these ranges. */
  public ScanFilter withPorts(Collection<PortRange> ranges) {
    return new ScanFilter(ips, PortRange.disjoint(ranges), services, firstScanned, lastScanned);
  }

  /** Returns this filter, for one service, compared exactly. */
  public ScanFilter withService(String service) {
    return withServices(List.of(service));
  }

  /** Returns this filter, for any of these services, compared exactly. */
  public ScanFilter withServices(Collection<String> names) {
    return new ScanFilter(ips, ports, Set.copyOf(names), firstScanned, lastScanned);
  }

  /** Returns this filter, for records first scanned in this range. */
  public ScanFilter withFirstScanned(TimeRange range) {
    return new ScanFilter(ips, ports, services, range, lastScanned);
  }

  /** Returns this filter, for records last scanned in this range. */
  public ScanFilter withLastScanned(TimeRange range) {
    return new ScanFilter(ips, ports, services, firstScanned, range);
  }

  /** Returns the hosts as disjoint, ascending ranges; empty where every host matches. */
  public Optional<List<IpRange>> ips() {
    return Optional.ofNullable(ips);
  }

  /** Returns the ports as disjoint, ascending ranges; empty where every port matches. */
  public Optional<List<PortRange>> ports() {
    return Optional.ofNullable(ports);
  }

  /** Returns the services; empty where every service matches. */
  public Optional<Set<String>> services() {
    return Optional.ofNullable(services);
  }

  /** Returns the range of times in which a record was first scanned. */
  public TimeRange firstScanned() {
    return firstScanned;
  }

  /** Returns the range of times in which a record was last scanned. */
  public TimeRange lastScanned() {
    return lastScanned;
  }

  /** Returns whether a record matches. */
  public boolean matches(ScanRecord record) {
    return matches(record.key())
        && firstScanned.contains(record.firstScanned())
        && lastScanned.contains(record.lastScanned());
  }

  /** Returns whether a record with this key may match, whatever else it holds. */
  public boolean matches(ScanKey key) {
    return (ips == null || contain(ips, key.ip()))
        && (ports == null || ports.stream().anyMatch(range -> range.contains(key.port())))
        && (services == null || services.contains(key.service()));
  }

  /** Searches in halves, since a list of hosts may be long and is asked for every row. */
  private static boolean contain(List<IpRange> ascending, IpAddress ip) {
    int from = 0;
    int to = ascending.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      IpRange range = ascending.get(middle);
      if (range.contains(ip)) {
        return true;
      }
      if (range.first().compareTo(ip) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return false;
  }
}
