package io.podkit.tests.architecture.broken.linux.lib;

/** A C-shaped interface. */
public interface CLibrary {
  int getpid();
}
