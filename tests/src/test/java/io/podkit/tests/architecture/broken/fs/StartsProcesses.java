package io.podkit.tests.architecture.broken.fs;

import java.io.IOException;

/** Starts a program by itself. */
final class StartsProcesses {
  private StartsProcesses() {}

  static Process start() throws IOException {
    return new ProcessBuilder("true").start();
  }
}
