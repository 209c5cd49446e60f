package io.github.miniscan.format;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.miniscan.IpAddress;
import io.github.miniscan.Response;
import io.github.miniscan.ScanKey;
import io.github.miniscan.ScanRecord;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The key, the times, and the response; its bytes too where the text cannot give them back. */
final class RecordColumns extends Columns<ScanRecord> {

  RecordColumns() {
    super("ip", "port", "service", "first_scanned", "last_scanned", "response", "response_base64");
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
  void writeMembers(ScanRecord record, JsonGenerator json) throws IOException {
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

  @Override
  ScanRecord value(Members members) throws MalformedValueException {
    long port = members.number("port");
    if (port < 0 || port > 65_535) {
      throw new MalformedValueException("port out of range: " + port + " (0 to 65535)");
    }
    ScanKey key =
        new ScanKey(IpAddress.parse(members.text("ip")), (int) port, members.text("service"));
    return new ScanRecord(
        key, members.second("first_scanned"), members.second("last_scanned"), response(members));
  }

  /** The text alone says which bytes, unless the bytes are given beside it. */
  private static Response response(Members members) throws MalformedValueException {
    String text = members.text("response");
    Optional<String> base64 = members.optionalText("response_base64");
    if (base64.isEmpty()) {
      return Response.ofText(text);
    }
    Response response = Response.ofBytes(members.base64("response_base64"));
    if (!members.isWritten(text, response.text())) {
      throw new MalformedValueException("\"response\" and \"response_base64\" differ");
    }
    return response;
  }

  private static String base64(Response response) {
    return Base64.getEncoder().encodeToString(response.bytesUncopied());
  }
}
