package io.podkit.tests.architecture.broken.fs;

/** Throws what nobody can tell apart. */
final class ThrowsAnything {
  private ThrowsAnything() {}

  static void fail() {
    throw new RuntimeException("something went wrong");
  }
}
