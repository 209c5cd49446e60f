package io.github.miniscan.cli.options;

import io.github.miniscan.IpAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a literal address, in any spelling. */
public final class IpAddressConverter implements ITypeConverter<IpAddress> {

  @Override
  public IpAddress convert(String value) {
    try {
      return IpAddress.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
