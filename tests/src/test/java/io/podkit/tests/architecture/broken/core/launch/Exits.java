package io.podkit.tests.architecture.broken.core.launch;

/** An engine that ends the program. */
final class Exits {
  private Exits() {}

  static void giveUp() {
    System.exit(1);
  }
}
