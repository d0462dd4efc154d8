package io.podkit.fs.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** A stream that knows the digest and the length of what was written to it. Not thread-safe. */
public final class DigestOutput extends FilterOutputStream {
  private final MessageDigest sha256 = VerifiedInput.sha256();
  private long size;

  public DigestOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    sha256.update((byte) b);
    size++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    sha256.update(bytes, offset, length);
    size += length;
  }

  /** How many bytes were written. */
  public long size() {
    return size;
  }

  /** {@code sha256:HEX} of all that was written; asked for once, at the end. */
  public String digest() {
    return VerifiedInput.named(sha256.digest());
  }

  /** The digest of some content, {@code sha256:HEX}. */
  public static String of(byte[] content) {
    return VerifiedInput.digestOf(content);
  }
}
