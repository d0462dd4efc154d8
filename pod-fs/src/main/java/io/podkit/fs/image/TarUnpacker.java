package io.podkit.fs.image;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ByteListener;
import io.podkit.fs.archive.ArchivedLayer;
import io.podkit.fs.archive.VerifiedInput;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileType;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar file of unknown origin into an empty directory.
 *
 * <p>Names are resolved as if the directory were the root, by the kernel: a symbolic link in the
 * tar file leads where it would lead in the image, never outside. Times are set last.
 */
final class TarUnpacker {

  private final Syscalls sys;
  private final UnpackBudget budget;

  TarUnpacker(Syscalls sys, UnpackBudget budget) {
    this.sys = sys;
    this.budget = budget;
  }

  /**
   * Unpacks all entries.
   *
   * @param tree an empty directory; in case of failure it holds a part
   * @throws PodkitException USAGE if it is no tar file, REFUSED if an entry would lie outside or a
   *     limit is exceeded, IO if reading or writing failed
   */
  void unpack(Path file, Path tree, ByteListener listener) throws PodkitException {
    try (InputStream in =
        new BoundedInput(TarSource.open(file, listener), budget.longestStream())) {
      unpack(in, tree, false);
    } catch (TarException e) {
      throw new PodkitException(
          ErrorKind.USAGE, "cannot read " + file + ": " + e.getMessage(), null, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot unpack " + file, e);
    }
  }

  /**
   * Unpacks a layer of an image archive: what it says is gone becomes an overlay's whiteouts.
   *
   * @param tree an empty directory; in case of failure it holds a part
   * @throws PodkitException REFUSED if it is not the layer it should be, or as {@link #unpack}
   */
  void unpackLayer(ArchivedLayer layer, InputStream raw, Path tree) throws PodkitException {
    try (VerifiedInput packed = new VerifiedInput(raw);
        VerifiedInput plain =
            new VerifiedInput(
                new BoundedInput(TarSource.unpacked(packed), budget.longestStream()))) {
      unpack(plain, tree, true);
      plain.require(layer.diffId(), layer.path() + ", unpacked,");
      if (layer.digest() != null) {
        packed.require(layer.digest(), layer.path());
      }
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot unpack layer " + layer.path(), e);
    } catch (IOException e) {
      throw new PodkitException(
          ErrorKind.REFUSED,
          "cannot unpack layer " + layer.path() + ": " + e.getMessage(),
          null,
          e);
    }
  }

  private void unpack(InputStream in, Path tree, boolean layered)
      throws PodkitException, IOException {
    try (UnpackedTree out = UnpackedTree.open(sys, tree)) {
      Whiteouts gone = new Whiteouts();
      TarReader reader = new TarReader(in);
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        budget.take(entry.size());
        String path = normalised(entry.path(), entry.path());
        if (!layered || !gone.take(path)) {
          add(out, path, entry, reader);
        }
      }
      gone.applyTo(out);
      out.finish();
    }
  }

  private void add(UnpackedTree out, String path, TarEntry entry, TarReader reader)
      throws PodkitException, IOException {
    if (path.isEmpty()) {
      if (entry.type() != FileType.DIRECTORY) {
        throw refused("entry " + RawPath.shown(entry.path()) + " would replace the root");
      }
      out.directory(path, entry);
    } else if (entry.isHardLink()) {
      out.hardLink(path, normalised(entry.link(), entry.path()));
    } else {
      switch (Objects.requireNonNull(entry.type())) {
        case DIRECTORY -> out.directory(path, entry);
        case REGULAR -> out.file(path, entry, reader);
        case SYMLINK -> out.symlink(path, entry);
        case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> out.node(path, entry);
      }
    }
  }

  /** The path without {@code .}, doubled slashes and, like tar itself, without the first slash. */
  private String normalised(String path, String entry) throws PodkitException {
    StringBuilder clean = new StringBuilder();
    int depth = 0;
    for (String component : path.split("/", -1)) {
      if (component.isEmpty() || component.equals(".")) {
        continue;
      }
      if (!RawPath.isName(component)) {
        throw refused("entry " + RawPath.shown(entry) + " would lie outside the image");
      }
      budget.requireDepth(++depth);
      clean.append(depth > 1 ? "/" : "").append(component);
    }
    return clean.toString();
  }

  static PodkitException refused(String why) {
    return refused(why, null);
  }

  static PodkitException refused(String why, @Nullable IOException cause) {
    return new PodkitException(
        ErrorKind.REFUSED, "the tar file is not accepted: " + why, null, cause);
  }
}
