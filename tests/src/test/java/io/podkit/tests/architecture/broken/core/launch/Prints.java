package io.podkit.tests.architecture.broken.core.launch;

/** An engine that talks. */
final class Prints {
  private Prints() {}

  static void progress() {
    System.out.println("half done");
  }
}
