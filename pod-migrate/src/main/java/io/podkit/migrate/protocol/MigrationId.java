package io.podkit.migrate.protocol;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names one migration on both hosts and in their records; safe as a file name.
 *
 * @param hex 32 lower-case hexadecimal digits
 */
public record MigrationId(String hex) {

  private static final Pattern LEGAL = Pattern.compile("[0-9a-f]{32}");
  private static final int BYTES = 16;

  /** Refuses anything but 32 lower-case hexadecimal digits: the value becomes a file name. */
  public MigrationId {
    if (!LEGAL.matcher(hex).matches()) {
      throw new IllegalArgumentException("'" + PeerText.clean(hex) + "' is not a migration id");
    }
  }

  /** A new one that no other host will make. */
  public static MigrationId random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new MigrationId(HexFormat.of().formatHex(bytes));
  }

  @Override
  public String toString() {
    return hex;
  }
}
