package io.podkit.cli.fake;

import io.podkit.cli.terminal.Terminal;
import io.podkit.core.api.TerminalSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A terminal, or the lack of one. */
public final class FakeTerminal implements Terminal {
  public final List<String> calls = new ArrayList<>();
  public boolean present;

  @Override
  public boolean isInput() {
    return present;
  }

  @Override
  public boolean isOutput() {
    return present;
  }

  @Override
  public boolean isError() {
    return present;
  }

  @Override
  public Optional<TerminalSize> size() {
    return present ? Optional.of(new TerminalSize(40, 120)) : Optional.empty();
  }

  @Override
  public Mode raw() {
    calls.add("raw");
    return () -> calls.add("restored");
  }
}
