package io.podkit.fs.archive;

import io.podkit.error.PodkitException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A stream whose digest is known at its end. Not thread-safe. */
public final class VerifiedInput extends FilterInputStream {
  private static final int WASTE = 64 << 10;

  private final MessageDigest sha256 = sha256();

  public VerifiedInput(InputStream in) {
    super(in);
  }

  static String digestOf(byte[] content) {
    return named(sha256().digest(content));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String named(byte[] digest) {
    return "sha256:" + HexFormat.of().formatHex(digest);
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    if (b >= 0) {
      sha256.update((byte) b);
    }
    return b;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    if (count > 0) {
      sha256.update(buffer, offset, count);
    }
    return count;
  }

  /** Reads instead: what is skipped counts too. */
  @Override
  public long skip(long count) throws IOException {
    byte[] waste = new byte[WASTE];
    int got = read(waste, 0, (int) Math.min(waste.length, count));
    return Math.max(0, got);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /**
   * Reads to the end and compares.
   *
   * @param what for the message
   * @throws PodkitException REFUSED if the content has another digest
   */
  public void require(String digest, String what) throws PodkitException, IOException {
    byte[] waste = new byte[WASTE];
    while (read(waste, 0, waste.length) >= 0) {}
    String found = named(sha256.digest());
    if (!found.equals(digest)) {
      throw ArchiveFiles.refused(what + " is damaged: its digest is " + found + ", not " + digest);
    }
  }
}
