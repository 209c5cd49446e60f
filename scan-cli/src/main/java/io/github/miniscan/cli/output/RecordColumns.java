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

  @Override
  public List<String> headings() {
    return List.of("IP", "PORT", "SERVICE", "FIRST SCANNED", "LAST SCANNED", "RESPONSE");
  }

  @Override
  public List<String> cells(ScanRecord record) {
    ScanKey key = record.key();
    return List.of(
        key.ip().toString(),
        Integer.toString(key.port()),
        key.service(),
        EpochTime.text(record.firstScanned()),
        EpochTime.text(record.lastScanned()),
        record.response().text());
  }

  @Override
  public Map<String, String> page(ScanRecord record) {
    Map<String, String> page = new LinkedHashMap<>();
    List<String> cells = cells(record);
    for (int i = 0; i < cells.size(); i++) {
      page.put(names().get(i), cells.get(i));
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
    return List.of(
        key.ip().toString(),
        Integer.toString(key.port()),
        key.service(),
        EpochTime.text(record.firstScanned()),
        EpochTime.text(record.lastScanned()),
        response.text(),
        response.isText() ? "" : base64(response));
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
