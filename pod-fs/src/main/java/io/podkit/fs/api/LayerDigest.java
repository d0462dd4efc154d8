package io.podkit.fs.api;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The identity of a layer: the SHA-256 of its squashfs file.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record LayerDigest(String hex) implements Comparable<LayerDigest> {

  private static final Pattern LEGAL = Pattern.compile("[0-9a-f]{64}");
  private static final String ALGORITHM = "sha256:";

  /** Refuses anything but 64 lower-case hexadecimal digits: the value becomes a file name. */
  public LayerDigest {
    if (!LEGAL.matcher(hex).matches()) {
      throw new IllegalArgumentException("'" + hex + "' is not a SHA-256 digest");
    }
  }

  /**
   * Parses {@code sha256:HEX} or {@code HEX}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static LayerDigest parse(String text) {
    return new LayerDigest(text.startsWith(ALGORITHM) ? text.substring(ALGORITHM.length()) : text);
  }

  /** The digest of these 32 bytes, as a MessageDigest gives them. */
  public static LayerDigest ofBytes(byte[] sha256) {
    return new LayerDigest(HexFormat.of().formatHex(sha256));
  }

  /** The first twelve digits, for tables. */
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(LayerDigest other) {
    return hex.compareTo(other.hex);
  }

  /** {@code sha256:HEX}, which {@link #parse} reads. */
  @Override
  public String toString() {
    return ALGORITHM + hex;
  }
}
