package io.podkit.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/**
 * Makes what picocli finds named in annotations. Picocli's own factory looks for a class of
 * Groovy's first, through every library, at each start.
 */
final class PartFactory implements IFactory {
  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type.isInterface()) { // a list or a map, of whose kind picocli decides
      return CommandLine.defaultFactory().create(type);
    }
    Constructor<K> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
