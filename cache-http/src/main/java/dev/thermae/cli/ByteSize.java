package dev.thermae.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes as the settings of {@code serve} take it: with a unit, or without. */
final class ByteSize implements ITypeConverter<Long> {
  private static final String PATH = "size";

  @Override
  public Long convert(String text) {
    try {
      return ConfigFactory.empty()
          .withValue(PATH, ConfigValueFactory.fromAnyRef(text))
          .getBytes(PATH);
    } catch (ConfigException e) {
      throw new TypeConversionException(
          "'" + text + "' is no size, such as 268435456 or 256MiB"); // picocli adds the option
    }
  }
}
