package io.github.miniscan.cli.options;

import io.github.miniscan.PortRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a port or a range of ports. */
public final class PortRangeConverter implements ITypeConverter<PortRange> {

  @Override
  public PortRange convert(String value) {
    try {
      return PortRange.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
