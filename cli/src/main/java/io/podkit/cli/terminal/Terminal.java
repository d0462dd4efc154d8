package io.podkit.cli.terminal;

import io.podkit.core.api.TerminalSize;
import io.podkit.error.PodkitException;
import java.util.Optional;

/** What the user sits at, if anything. */
public interface Terminal {
  /** Whether standard input comes from a terminal. */
  boolean isInput();

  /** Whether standard error goes to a terminal. */
  boolean isError();

  /** Whether standard output goes to a terminal. */
  boolean isOutput();

  /** The size of the window standard input comes from; empty without one. */
  Optional<TerminalSize> size() throws PodkitException;

  /**
   * Makes the terminal of standard input hand over every key as it is typed, Ctrl-C included, and
   * echo nothing. The caller closes the mode, which brings the old one back.
   */
  Mode raw() throws PodkitException;

  /** A terminal mode that ends when it is closed; closing again does nothing. */
  interface Mode extends AutoCloseable {
    @Override
    void close() throws PodkitException;
  }
}
