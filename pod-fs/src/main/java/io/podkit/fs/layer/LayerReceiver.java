package io.podkit.fs.layer;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Takes a layer's file from another host and believes nothing about it. */
final class LayerReceiver {

  private static final int CHUNK = 1 << 20;

  /** Tells a full disk here from a stream that broke. */
  private static final class LocalFailure extends IOException {
    private static final long serialVersionUID = 1L;

    LocalFailure(IOException cause) {
      super(cause);
    }
  }

  private static final class LocalFile extends FilterOutputStream {
    LocalFile(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        throw new LocalFailure(e);
      }
    }
  }

  private LayerReceiver() {}

  /**
   * Copies {@code size} bytes into a file and checks their digest.
   *
   * @throws PodkitException PEER if they are not the layer, IO if they cannot be written
   * @throws IOException as {@code in} threw it
   */
  static void receive(LayerDigest layer, InputStream in, long size, Path file)
      throws PodkitException, IOException {
    MessageDigest sha256 = LayerFiles.sha256();
    try (OutputStream out = new LocalFile(open(file))) {
      byte[] chunk = new byte[(int) Math.min(CHUNK, Math.max(1, size))];
      for (long left = size; left > 0; ) {
        int n = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (n < 0) {
          throw LayerFailures.wrongContent(layer, left + " of " + size + " bytes are missing");
        }
        sha256.update(chunk, 0, n);
        out.write(chunk, 0, n);
        left -= n;
      }
    } catch (LocalFailure e) {
      throw PodkitException.io("cannot store layer " + layer.abbreviated(), cause(e));
    }
    LayerDigest got = LayerDigest.ofBytes(sha256.digest());
    if (!got.equals(layer)) {
      throw LayerFailures.wrongContent(layer, "its content is " + got);
    }
  }

  private static OutputStream open(Path file) throws LocalFailure {
    try {
      return Files.newOutputStream(file);
    } catch (IOException e) {
      throw new LocalFailure(e);
    }
  }

  private static IOException cause(LocalFailure e) {
    return e.getCause() instanceof IOException io ? io : e;
  }
}
