package io.podkit.linux;

/**
 * Starts programs with posix_spawn(3): no copy of the JVM's page tables, chosen descriptors only.
 */
@FunctionalInterface
public interface Spawner {

  /**
   * Starts a program.
   *
   * @return the running child; closing it kills it
   * @throws ErrnoException ENOENT, EACCES and so on if the program cannot be executed
   */
  SpawnedChild spawn(SpawnSpec spec) throws ErrnoException;
}
