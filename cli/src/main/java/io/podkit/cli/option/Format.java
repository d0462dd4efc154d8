package io.podkit.cli.option;

import java.util.Locale;

/** How a command prints its result. */
public enum Format {
  TABLE,
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
