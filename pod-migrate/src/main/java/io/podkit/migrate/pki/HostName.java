package io.podkit.migrate.pki;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a host as its certificate has it.
 *
 * @param value 1 to 64 lower-case letters, digits, {@code .} and {@code -}, with at least one
 *     letter
 */
public record HostName(String value) {

  // 64 characters are what X.520 allows in a common name.
  private static final Pattern LEGAL = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?");

  /** What looks like a mistyped address is not taken for a name. */
  private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

  /** Makes it lower-case and refuses what cannot stand in a certificate. */
  public HostName {
    value = value.toLowerCase(Locale.ROOT);
    if (!LEGAL.matcher(value).matches() || NUMERIC.matcher(value).matches()) {
      throw new IllegalArgumentException("not a host name");
    }
  }

  /**
   * The name a user typed.
   *
   * @throws PodkitException USAGE if it cannot be one
   */
  static HostName parse(String text) throws PodkitException {
    try {
      return new HostName(text);
    } catch (IllegalArgumentException e) {
      throw new PodkitException(
          ErrorKind.USAGE, "'" + text + "' is not a host name", PkiHints.HOST_NAME, e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
