package io.github.miniscan.cli.query;

import io.github.miniscan.IpAddress;
import io.github.miniscan.ScanRecord;
import io.github.miniscan.cli.options.FormatOption;
import io.github.miniscan.cli.options.IpAddressConverter;
import io.github.miniscan.cli.options.PortConverter;
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
      "  scan query --port 22 --format csv > ssh.csv",
      "  scan query --service HTTP --format jsonl | jq -a .response",
      "",
      "Records come ordered by ip, port and service. Nothing found is no failure."
    })
public final class QueryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private StoreOption store = new StoreOption();
  @Mixin private FormatOption format = new FormatOption();

  @Option(
      names = "--ip",
      paramLabel = "ADDRESS",
      converter = IpAddressConverter.class,
      description = "Only this host: an IPv4 or IPv6 address in any spelling.")
  private @Nullable IpAddress ip;

  @Option(
      names = "--port",
      paramLabel = "N",
      converter = PortConverter.class,
      description = "Only this port, 0 to 65535.")
  private @Nullable Integer port;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      parameterConsumer = StrangersText.class,
      description = "Only this service, to the letter: HTTP is not http.")
  private @Nullable String service;

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
    if (ip != null) {
      filter = filter.withIp(ip);
    }
    if (port != null) {
      filter = filter.withPort(port);
    }
    if (service != null) {
      filter = filter.withService(service);
    }
    ScanQuery query = ScanQuery.of(filter);
    if (limit != null) {
      if (limit < 0) {
        throw new ParameterException(
            spec.commandLine(), "limit out of range: " + limit + " (0 or more)");
      }
      query = query.withLimit(limit);
    }
    return query;
  }
}
