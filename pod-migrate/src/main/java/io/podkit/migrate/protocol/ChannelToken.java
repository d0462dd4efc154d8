package io.podkit.migrate.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The secret that binds a data connection to a migration: the target makes it, only the source that
 * prepared the migration learns it.
 *
 * @param hex 32 lower-case hexadecimal digits (128 bits)
 */
public record ChannelToken(String hex) {

  private static final Pattern LEGAL = Pattern.compile("[0-9a-f]{32}");
  private static final int BYTES = 16;

  /** Refuses anything but 32 lower-case hexadecimal digits. */
  public ChannelToken {
    if (!LEGAL.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a channel token");
    }
  }

  /** A new one that cannot be guessed. */
  public static ChannelToken random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new ChannelToken(HexFormat.of().formatHex(bytes));
  }

  /** Whether both are the same, in a time that does not tell how much of them is. */
  public boolean matches(ChannelToken other) {
    return MessageDigest.isEqual(
        hex.getBytes(StandardCharsets.US_ASCII), other.hex.getBytes(StandardCharsets.US_ASCII));
  }

  /** Does not show the secret, so that it does not end in a log. */
  @Override
  public String toString() {
    return "ChannelToken[secret]";
  }
}
