package io.github.miniscan.cli.options;

import io.github.miniscan.IpRange;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an address, a network or a range of addresses. */
public final class IpRangeConverter implements ITypeConverter<IpRange> {

  @Override
  public IpRange convert(String value) {
    try {
      return IpRange.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
