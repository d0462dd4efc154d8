package io.podkit.fs.testing;

/** Something that may fail. */
@FunctionalInterface
public interface ThrowingRunnable {
  /** Does it. */
  void run() throws Exception;
}
