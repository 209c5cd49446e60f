package io.github.miniscan.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A record: its key, its times, and the response; the bytes where text can not give them back. */
final class RecordColumns implements Columns<ScanRecord> {

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
    List<String> fields = fields(record);
    for (int i = 0; i < fields.size(); i++) {
      page.put(names().get(i), fields.get(i));
    }
    return page;
  }

  @Override
  public List<String> names() {
    return List.of(
        "ip", "port", "service", "first_scanned", "last_scanned", "response", "response_base64");
  }

  @Override
  public List<String> fields(ScanRecord record) {
    ScanKey key = record.key();
    Response response = record.response();
    String text = response.text();
    // Readers of CSV cut a text at its first NUL, or refuse the whole file.
    boolean isExact = response.isText() && text.indexOf('\0') < 0;
    return List.of(
        key.ip().toString(),
        Integer.toString(key.port()),
        key.service(),
        EpochTime.text(record.firstScanned()),
        EpochTime.text(record.lastScanned()),
        text,
        isExact ? "" : base64(response));
  }

  @Override
  public void writeMembers(ScanRecord record, JsonGenerator json) throws IOException {
    ScanKey key = record.key();
    Response response = record.response();
    json.writeStringField("ip", key.ip().toString());
    json.writeNumberField("port", key.port());
    json.writeStringField("service", key.service());
    json.writeStringField("first_scanned", EpochTime.text(record.firstScanned()));
    json.writeStringField("last_scanned", EpochTime.text(record.lastScanned()));
    json.writeStringField("response", response.text());
    if (!response.isText()) {
      json.writeStringField("response_base64", base64(response));
    }
  }

  private static String base64(Response response) {
    return Base64.getEncoder().encodeToString(response.bytesUncopied());
  }
}
