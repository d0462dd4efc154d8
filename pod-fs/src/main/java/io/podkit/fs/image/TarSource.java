package io.podkit.fs.image;

import io.podkit.fs.api.ByteListener;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/** Opens a tar file, packed or not, which its first bytes tell. */
final class TarSource {

  private static final int BUFFER = 256 * 1024;

  private static final Set<String> FORMATS =
      Set.of(
          CompressorStreamFactory.GZIP,
          CompressorStreamFactory.XZ,
          CompressorStreamFactory.ZSTANDARD);

  /** Tells a listener how much of the packed file has been read. */
  private static final class Counted extends FilterInputStream {
    private final ByteListener listener;
    private final long total;
    private long done;

    Counted(InputStream in, long total, ByteListener listener) {
      super(in);
      this.total = total;
      this.listener = listener;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int n = in.read(buffer, from, length);
      if (n > 0) {
        done += n;
        listener.progress(done, total);
      }
      return n;
    }
  }

  private TarSource() {}

  /** The tar file's own bytes; the caller closes the stream. */
  @SuppressWarnings("resource") // what is returned closes what it wraps
  static InputStream open(Path file, ByteListener listener) throws IOException {
    InputStream raw = new Counted(Files.newInputStream(file), Files.size(file), listener);
    try {
      return unpacked(raw);
    } catch (IOException e) {
      raw.close();
      throw new IOException("cannot unpack " + file + ": " + e.getMessage(), e);
    }
  }

  /** A tar file's own bytes; closing them closes {@code raw}. */
  @SuppressWarnings("resource") // what is returned closes what it wraps
  static InputStream unpacked(InputStream raw) throws IOException {
    InputStream buffered = new BufferedInputStream(raw, BUFFER);
    try {
      String format = format(buffered);
      if (format.isEmpty()) {
        return buffered;
      }
      // Several packed files in a row are one, as for gzip and zstd themselves.
      InputStream unpacked =
          new CompressorStreamFactory(true).createCompressorInputStream(format, buffered);
      return new BufferedInputStream(unpacked, BUFFER);
    } catch (CompressorException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String format(InputStream buffered) {
    try {
      String format = CompressorStreamFactory.detect(buffered);
      return FORMATS.contains(format) ? format : "";
    } catch (CompressorException e) {
      return ""; // not packed, or no tar file: its first header will tell
    }
  }
}
