package io.podkit.cli.option;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads an enum's constants in lower case with dashes, and says which there are when it is none of
 * them.
 */
public final class Choices<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  public Choices(Class<E> type) {
    this.type = type;
  }

  @Override
  public E convert(String text) {
    for (E constant : type.getEnumConstants()) {
      if (typed(constant).equalsIgnoreCase(text)) {
        return constant;
      }
    }
    String choices =
        Arrays.stream(type.getEnumConstants())
            .map(Choices::typed)
            .collect(Collectors.joining(", "));
    throw new TypeConversionException("'" + text + "' is none of " + choices);
  }

  private static String typed(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
