package io.podkit.migrate.protocol;

import io.podkit.error.Hint;
import io.podkit.migrate.protocol.ProtocolException.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The version of the protocol that one side speaks, and the preamble that says so before any frame.
 *
 * <p>Hosts with the same major version understand each other: a minor version only adds members and
 * message types, which the older side never receives because it did not announce the capability.
 *
 * @param major 0 to 65535; differs when old and new cannot talk
 * @param minor 0 to 65535
 */
public record ProtocolVersion(int major, int minor) {

  /** What this build speaks; since 2 the preflight speaks of volumes. */
  public static final ProtocolVersion CURRENT = new ProtocolVersion(2, 0);

  /** Length of the preamble: magic, major, minor. */
  public static final int PREAMBLE_BYTES = 10;

  private static final byte[] MAGIC = "PODKIT".getBytes(StandardCharsets.US_ASCII);
  private static final int U16_MAX = 0xffff;

  /** Refuses what does not fit the preamble. */
  public ProtocolVersion {
    if (major < 0 || major > U16_MAX || minor < 0 || minor > U16_MAX) {
      throw new IllegalArgumentException(major + "." + minor + " does not fit two 16-bit numbers");
    }
  }

  /** The preamble that announces this version, ready to be read. */
  public ByteBuffer preamble() {
    return ByteBuffer.allocate(PREAMBLE_BYTES)
        .put(MAGIC)
        .putShort((short) major)
        .putShort((short) minor)
        .flip();
  }

  /**
   * Reads a preamble.
   *
   * @param in at least {@link #PREAMBLE_BYTES} bytes
   * @throws ProtocolException MAGIC if the peer is not Podkit
   */
  public static ProtocolVersion parsePreamble(ByteBuffer in) throws ProtocolException {
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw ProtocolException.of(
          Violation.MAGIC, "the peer does not speak Podkit's migration protocol");
    }
    return new ProtocolVersion(
        Short.toUnsignedInt(in.getShort()), Short.toUnsignedInt(in.getShort()));
  }

  /**
   * Checks that a peer with that version can be understood.
   *
   * @throws ProtocolException VERSION if not; names both versions
   */
  public void requireCompatible(ProtocolVersion peer) throws ProtocolException {
    if (peer.major != major) {
      String older = peer.major < major ? "the peer" : "this host";
      throw new ProtocolException(
          Violation.VERSION,
          "this host speaks protocol version " + this + ", the peer version " + peer,
          new Hint("install the same release of Podkit on both hosts (" + older + " is older)"),
          null);
    }
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
