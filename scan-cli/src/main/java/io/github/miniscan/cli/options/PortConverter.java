package io.github.miniscan.cli.options;

import io.github.miniscan.ScanKey;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port, 0 to 65535. */
public final class PortConverter implements ITypeConverter<Integer> {

  @Override
  public Integer convert(String value) {
    if (!value.matches("-?\\d+")) {
      throw new TypeConversionException(
          "not a port: \"" + value + "\" (one number, 0 to 65535, as in 443)");
    }
    if (!value.matches("\\d{1,9}") || !ScanKey.isPort(Integer.parseInt(value))) {
      throw new TypeConversionException("port out of range: " + value + " (0 to 65535)");
    }
    return Integer.valueOf(value);
  }
}
