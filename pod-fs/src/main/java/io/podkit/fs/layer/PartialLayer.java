package io.podkit.fs.layer;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.IncomingLayer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.format.LayerHash;
import io.podkit.fs.lock.LockFile;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A layer that comes from another host, and about which nothing is believed. */
final class PartialLayer implements IncomingLayer {

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

  private final LayerFiles files;
  private final LayerDigest layer;
  private final Path file;
  private final long size;
  private final LockFile lock;
  private final LayerHash hash;
  private final long offset;
  private boolean here;

  /**
   * What is here of a layer.
   *
   * @param file nobody else writes to it as long as the lock is held; owned by this object
   * @param size of the whole layer
   */
  PartialLayer(LayerFiles files, LayerDigest layer, Path file, long size, LockFile lock)
      throws IOException {
    this.files = files;
    this.layer = layer;
    this.file = file;
    this.size = size;
    this.lock = lock;
    this.hash = new LayerHash();
    long length = Files.size(file);
    try (InputStream in = Files.newInputStream(file)) {
      offset = length > size ? 0 : hash.take(in, length);
    }
  }

  @Override
  public boolean isHere() {
    return here;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public LayerDigest prefix() {
    return hash.digest();
  }

  @Override
  public void receive(InputStream in, long from) throws PodkitException, IOException {
    if (from != 0 && from != offset) {
      throw LayerFailures.wrongContent(layer, "it goes on at " + from + " instead of " + offset);
    }
    LayerHash whole = from == 0 ? new LayerHash() : hash;
    requireRoom(size - from);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(from).position(from);
      OutputStream out = new LocalFile(Channels.newOutputStream(channel));
      long came = whole.copy(in, out, size - from);
      if (came < size - from) {
        throw refused((size - from - came) + " of " + size + " bytes are missing");
      }
    } catch (LocalFailure e) {
      Files.deleteIfExists(file); // it would keep the disk full
      throw PodkitException.io("cannot store layer " + layer.abbreviated(), cause(e))
          .withHint(FsHints.DISK_FULL);
    }
    LayerDigest got = whole.digest();
    if (!got.equals(layer)) {
      throw refused("its content is " + got);
    }
    try {
      files.adopt(file, layer);
      here = true;
    } catch (IOException e) {
      throw PodkitException.io("cannot store layer " + layer.abbreviated(), e);
    }
  }

  /** Before hours of sending end in a full disk. */
  private void requireRoom(long needed) throws PodkitException, IOException {
    long free = Files.getFileStore(file).getUsableSpace();
    if (needed > free) {
      throw PodkitException.of(
          ErrorKind.IO,
          "cannot store layer "
              + layer.abbreviated()
              + ": it needs "
              + (needed >> 10)
              + " KiB, and there are "
              + (free >> 10)
              + " KiB left on the disk",
          FsHints.DISK_FULL);
    }
  }

  private PodkitException refused(String why) throws IOException {
    Files.deleteIfExists(file);
    return LayerFailures.wrongContent(layer, why);
  }

  private static IOException cause(LocalFailure e) {
    return e.getCause() instanceof IOException io ? io : e;
  }

  @Override
  public void close() throws PodkitException {
    try (lock) {
      if (!here && Files.exists(file) && Files.size(file) == 0) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot put layer " + layer.abbreviated() + " aside", e);
    }
  }
}
