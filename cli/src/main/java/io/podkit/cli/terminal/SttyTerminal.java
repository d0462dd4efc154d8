package io.podkit.cli.terminal;

import io.podkit.core.api.TerminalSize;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of this process, driven by stty(1): it spares a command the loading of JNR.
 *
 * @see <a href="https://man7.org/linux/man-pages/man1/stty.1.html">stty(1)</a>
 */
public final class SttyTerminal implements Terminal {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @Override
  public boolean isInput() {
    return device("0") != null;
  }

  @Override
  public boolean isOutput() {
    return device("1") != null;
  }

  @Override
  public boolean isError() {
    return device("2") != null;
  }

  @Override
  public Optional<TerminalSize> size() throws PodkitException {
    Path device = device("0");
    if (device == null) {
      return Optional.empty();
    }
    return parseSize(stty(device, "size"));
  }

  @Override
  public Mode raw() throws PodkitException {
    Path device = device("0");
    if (device == null) {
      throw PodkitException.usage("standard input is not a terminal");
    }
    String before = stty(device, "-g");
    stty(device, "raw", "-echo");
    return () -> stty(device, before);
  }

  /** Parses what {@code stty size} prints, {@code ROWS COLUMNS}; 0 0 is an unknown size. */
  static Optional<TerminalSize> parseSize(String text) {
    String[] words = text.split(" ", -1);
    if (words.length != 2) {
      return Optional.empty();
    }
    try {
      TerminalSize size = new TerminalSize(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
      return size.rows() == 0 || size.columns() == 0 ? Optional.empty() : Optional.of(size);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The terminal a descriptor of ours leads to, or null if it leads elsewhere. */
  static @Nullable Path device(String descriptor) {
    try {
      Path target = Files.readSymbolicLink(DESCRIPTORS.resolve(descriptor));
      String name = target.toString();
      boolean terminal =
          name.startsWith("/dev/pts/")
              || name.startsWith("/dev/tty")
              || name.equals("/dev/console");
      return terminal ? target : null;
    } catch (IOException e) {
      return null; // closed, which is no terminal either
    }
  }

  private static String stty(Path device, String... arguments) throws PodkitException {
    Object[] words = new Object[arguments.length + 2];
    words[0] = "-F";
    words[1] = device;
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    return Command.of("stty", words).runOrThrow("cannot set up the terminal").stdout().strip();
  }
}
