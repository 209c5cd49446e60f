package io.github.miniscan.cli.options;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one of a few words, which are written in lower case and read in any.
 *
 * @param <E> the words
 */
public abstract class ChoiceConverter<E extends Enum<E>> implements ITypeConverter<E> {

  private final List<E> choices;

  /** Creates a converter to this type. */
  protected ChoiceConverter(Class<E> type) {
    this.choices = Arrays.asList(type.getEnumConstants());
  }

  @Override
  public E convert(String value) {
    return choices.stream()
        .filter(choice -> choice.name().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "\""
                        + value
                        + "\" is none of "
                        + String.join(", ", choices.stream().map(ChoiceConverter::word).toList())));
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }
}
