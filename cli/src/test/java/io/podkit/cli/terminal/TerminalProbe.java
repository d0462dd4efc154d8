package io.podkit.cli.terminal;

import io.podkit.process.Command;
import java.nio.file.Path;

/**
 * Run at a terminal by {@link SttyTerminalTest}: says what the modes are before, in and after raw.
 */
final class TerminalProbe {
  private TerminalProbe() {}

  public static void main(String[] args) throws Exception {
    SttyTerminal terminal = new SttyTerminal();
    System.out.println("input " + terminal.isInput() + " " + terminal.size().isPresent());
    say("before");
    try (Terminal.Mode mode = terminal.raw()) {
      say("raw");
    }
    say("after");
  }

  private static void say(String when) throws Exception {
    String modes =
        Command.of("stty", "-F", "/proc/self/fd/0", "-g")
            .stdin(Path.of("/proc/self/fd/0"))
            .runOrThrow("read modes")
            .stdout();
    System.out.println(when + " " + modes.strip());
  }
}
