package io.github.miniscan.cli.query;

import io.github.miniscan.IpRange;
import io.github.miniscan.PortRange;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.options.FormatOption;
import io.github.miniscan.cli.options.IpRangeConverter;
import io.github.miniscan.cli.options.PortRangeConverter;
import io.github.miniscan.cli.options.StoreOption;
import io.github.miniscan.cli.options.StrangersText;
import io.github.miniscan.cli.output.ExitStatus;
import io.github.miniscan.cli.output.ResultStream;
import io.github.miniscan.cli.output.ResultWriter;
import io.github.miniscan.cli.output.Terminal;
import io.github.miniscan.store.ScanFilter;
import io.github.miniscan.store.ScanQuery;
import io.github.miniscan.store.ScanStore;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints records. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what is known: the records that match all that is given, or every record.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  scan query --ip 1.1.1.1",
      "  scan query --ip 10.0.0.0/8,192.168.0.0/16 --port 80,443,8000-8100",
      "  scan query --port 22 --format csv > ssh.csv",
      "  scan query --service HTTP --format jsonl | jq -a .response",
      "",
      "Records come ordered by ip, port and service. Finding nothing is not an error."
    })
public final class QueryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private FormatOption format = new FormatOption();

  @Option(
      names = "--ip",
      paramLabel = "WHAT",
      split = ",",
      converter = IpRangeConverter.class,
      description =
          "Only these hosts: addresses, networks (10.0.0.0/8, 2001:db8::/32) and ranges"
              + " (1.1.1.1-1.1.1.9), separated by commas or in several options.")
  private @Nullable List<IpRange> ips;

  @Option(
      names = "--port",
      paramLabel = "N",
      split = ",",
      converter = PortRangeConverter.class,
      description = "Only these ports, 0 to 65535, as in 80,443,8000-8100.")
  private @Nullable List<PortRange> ports;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      parameterConsumer = StrangersText.class,
      description =
          "Only this service, exactly: HTTP is not http. Several options name several services.")
  private @Nullable List<String> services;

  @Option(names = "--limit", paramLabel = "N", description = "No more than this many records.")
  private @Nullable Long limit;

  @Override
  public Integer call() throws IOException {
    ScanQuery query = query();
    try (ScanStore opened = store.openToRead();
        Stream<ScanRecord> records = opened.find(query)) {
      ResultWriter.ofRecords(ResultStream.on(spec.commandLine().getOut()), Terminal.width())
          .onTerminal(Terminal.isStandardOutput())
          .write(records, format.format());
    }
    return ExitStatus.DONE;
  }

  private ScanQuery query() {
    ScanFilter filter = ScanFilter.all();
    if (ips != null) {
      filter = filter.withIps(ips);
    }
    if (ports != null) {
      filter = filter.withPorts(ports);
    }
    if (services != null) {
      filter = filter.withServices(services);
    }
    ScanQuery query = ScanQuery.of(filter);
    if (limit == null) {
      return query;
    }
    try {
      return query.withLimit(limit);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
