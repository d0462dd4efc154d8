package io.podkit.fs.format;

import io.podkit.fs.api.LayerDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest of a layer, or of its beginning. Not thread-safe. */
public final class LayerHash {

  private static final int CHUNK = 1 << 20;

  private final MessageDigest sha256;

  /** The digest of nothing yet. */
  public LayerHash() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** The digest of a whole file. */
  public static LayerDigest of(Path file) throws IOException {
    LayerHash hash = new LayerHash();
    try (InputStream in = Files.newInputStream(file)) {
      hash.take(in, Long.MAX_VALUE);
    }
    return hash.digest();
  }

  /** Takes these bytes in. */
  public void update(byte[] bytes, int from, int length) {
    sha256.update(bytes, from, length);
  }

  /**
   * Takes in at most that many bytes of a stream.
   *
   * @return how many there were
   */
  public long take(InputStream in, long most) throws IOException {
    return copy(in, OutputStream.nullOutputStream(), most);
  }

  /**
   * Copies at most that many bytes and takes them in.
   *
   * @return how many there were
   */
  public long copy(InputStream in, OutputStream out, long most) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK, Math.max(1, most))];
    long taken = 0;
    while (taken < most) {
      int n = in.read(chunk, 0, (int) Math.min(chunk.length, most - taken));
      if (n < 0) {
        break;
      }
      update(chunk, 0, n);
      out.write(chunk, 0, n);
      taken += n;
    }
    return taken;
  }

  /** The digest of what was taken in so far; more may follow. */
  public LayerDigest digest() {
    try {
      return LayerDigest.ofBytes(((MessageDigest) sha256.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
