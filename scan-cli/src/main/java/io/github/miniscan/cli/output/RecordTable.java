package io.github.miniscan.cli.output;

import io.github.miniscan.ScanRecord;
import io.github.miniscan.format.EpochTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records as people see them. */
final class RecordTable implements ForPeople<ScanRecord> {

  private static final Column<ScanRecord> IP =
      Column.whole("IP", record -> record.key().ip().toString());
  private static final Column<ScanRecord> PORT =
      Column.whole("PORT", record -> Integer.toString(record.key().port()));
  private static final Column<ScanRecord> SERVICE =
      Column.cut("SERVICE", record -> record.key().service());
  private static final Column<ScanRecord> FIRST =
      Column.whole("FIRST SCANNED", record -> EpochTime.text(record.firstScanned()));
  private static final Column<ScanRecord> LAST =
      Column.whole("LAST SCANNED", record -> EpochTime.text(record.lastScanned()));
  private static final Column<ScanRecord> LAST_DAY =
      Column.whole("LAST SCAN", record -> EpochTime.date(record.lastScanned()));
  private static final Column<ScanRecord> RESPONSE =
      Column.cut("RESPONSE", record -> record.response().text());

  @Override
  public List<List<Column<ScanRecord>>> tables() {
    return List.of(
        List.of(IP, PORT, SERVICE, FIRST, LAST, RESPONSE),
        List.of(IP, PORT, SERVICE, LAST, RESPONSE),
        List.of(IP, PORT, SERVICE, LAST_DAY, RESPONSE));
  }

  @Override
  public Map<String, String> page(ScanRecord record) {
    Map<String, String> page = new LinkedHashMap<>();
    page.put("ip", record.key().ip().toString());
    page.put("port", Integer.toString(record.key().port()));
    page.put("service", record.key().service());
    page.put("first scanned", EpochTime.text(record.firstScanned()));
    page.put("last scanned", EpochTime.text(record.lastScanned()));
    page.put("response", record.response().text());
    return page;
  }
}
