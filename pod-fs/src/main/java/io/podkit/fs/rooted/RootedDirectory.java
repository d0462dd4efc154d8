package io.podkit.fs.rooted;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.RenameFlag;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A directory taken as a root: openat2(2) resolves every path within it, so a link planted there
 * leads nowhere else, and the last component is never a link.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 */
public final class RootedDirectory implements RootedFiles {

  private static final Set<ResolveFlag> INSIDE =
      EnumSet.of(ResolveFlag.IN_ROOT, ResolveFlag.NO_MAGICLINKS);

  private final Syscalls sys;
  private final Path shown;
  private final Fd root;

  private RootedDirectory(Syscalls sys, Path shown, Fd root) {
    this.sys = sys;
    this.shown = shown;
    this.root = root;
  }

  /** The tree beneath {@code directory}. */
  public static RootedDirectory open(Syscalls sys, Path directory) throws PodkitException {
    try {
      Fd root = sys.open(PathAt.of(directory), EnumSet.of(OpenFlag.DIRECTORY, OpenFlag.PATH), 0);
      return new RootedDirectory(sys, directory, root);
    } catch (ErrnoException e) {
      throw failure("open", directory.toString(), e);
    }
  }

  @Override
  public InputStream open(String path) throws PodkitException {
    try (Fd fd = regular(path)) {
      // A second look at the same open file: the JDK's stream wants a name, /proc gives one.
      return new FileInputStream(fd.procPath().toFile());
    } catch (ErrnoException e) {
      throw failure("open", path, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot open " + path + " in " + shown, e);
    }
  }

  private Fd regular(String path) throws ErrnoException, PodkitException {
    Fd fd =
        sys.openat2(
            inside(path),
            EnumSet.of(OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING),
            0,
            INSIDE);
    FileStat stat = sys.fstat(fd);
    if (!stat.isRegular()) {
      fd.close();
      throw PodkitException.refused(path + " in " + shown + " is not a regular file");
    }
    return fd;
  }

  @Override
  public Optional<byte[]> read(String path, int limit) throws PodkitException {
    try (Fd fd = regular(path)) {
      ByteBuffer content = ByteBuffer.allocateDirect(limit + 1);
      int n;
      do {
        n = content.hasRemaining() ? sys.read(fd, content) : 0;
      } while (n > 0);
      if (!content.hasRemaining()) {
        throw PodkitException.refused(
            path + " in " + shown + " is longer than " + limit + " bytes");
      }
      byte[] bytes = new byte[content.flip().remaining()];
      content.get(bytes);
      return Optional.of(bytes);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw failure("read", path, e);
    }
  }

  @Override
  public void write(String path, byte[] content, int mode) throws PodkitException {
    String name = RawPath.name(relative(path));
    String temporary = "." + name + ".podkit-new";
    try (Fd directory = parent(path)) {
      PathAt fresh = PathAt.in(directory, temporary);
      unlinkIfThere(fresh);
      try (Fd fd =
          sys.openat2(
              fresh,
              EnumSet.of(OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW),
              mode,
              Set.of(ResolveFlag.BENEATH))) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(content.length).put(content).flip();
        while (bytes.hasRemaining()) {
          sys.write(fd, bytes);
        }
      }
      sys.chmod(fresh, mode);
      sys.renameat2(fresh, PathAt.in(directory, name), EnumSet.noneOf(RenameFlag.class));
    } catch (ErrnoException e) {
      throw failure("write", path, e);
    }
  }

  private void unlinkIfThere(PathAt at) throws ErrnoException {
    try {
      sys.unlink(at);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  @Override
  public OutputStream openFifo(String path) throws PodkitException {
    try (Fd fd =
        sys.openat2(
            inside(path),
            EnumSet.of(OpenFlag.WRITE, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING),
            0,
            INSIDE)) {
      if (sys.fstat(fd).type() != FileType.FIFO) {
        throw PodkitException.refused(path + " in " + shown + " is not a FIFO");
      }
      // Opened again without O_NONBLOCK, while the first descriptor proves that there is a reader.
      return new FileOutputStream(fd.procPath().toFile());
    } catch (ErrnoException e) {
      if (e.is(Errno.ENXIO)) {
        throw PodkitException.conflict("nobody reads " + path + " in " + shown);
      }
      throw failure("open", path, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot open " + path + " in " + shown, e);
    }
  }

  @Override
  public void createFifo(String path, int mode) throws PodkitException {
    try (Fd directory = parent(path)) {
      PathAt at = PathAt.in(directory, RawPath.name(relative(path)));
      sys.mkfifo(at, mode);
      sys.chmod(at, mode);
    } catch (ErrnoException e) {
      throw failure("create", path, e);
    }
  }

  @Override
  public void createDirectory(String path, int mode) throws PodkitException {
    try (Fd directory = parent(path)) {
      PathAt at = PathAt.in(directory, RawPath.name(relative(path)));
      if (sys.mkdir(at, mode)) {
        sys.chmod(at, mode);
      }
    } catch (ErrnoException e) {
      throw failure("create", path, e);
    }
  }

  @Override
  public void delete(String path) throws PodkitException {
    Fd directory;
    try {
      directory = parent(path);
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return;
      }
      throw failure("delete", path, e);
    }
    try (DirCursor cursor = new DirCursor(sys, directory)) {
      new TreeRemover(sys).remove(cursor, RawPath.ofText(RawPath.name(relative(path))));
    } catch (ErrnoException e) {
      throw failure("delete", path, e);
    }
  }

  @Override
  public void copyOut(String path, Path hostPath) throws PodkitException {
    new CopyOut(sys, root, shown).copy(relative(path), hostPath);
  }

  @Override
  public void copyIn(Path hostPath, String path) throws PodkitException {
    new CopyIn(sys, root, shown).copy(hostPath, relative(path));
  }

  /** The directory that holds {@code path}, reached within the root. */
  private Fd parent(String path) throws ErrnoException, PodkitException {
    String directory = RawPath.parent(relative(path));
    PathAt at = PathAt.in(root, directory.isEmpty() ? "." : directory);
    return sys.openat2(at, EnumSet.of(OpenFlag.DIRECTORY), 0, INSIDE);
  }

  private PathAt inside(String path) throws PodkitException {
    return PathAt.in(root, relative(path));
  }

  /** Without the slashes in front; the root itself has no name to act on. */
  private static String relative(String path) throws PodkitException {
    String relative = path.replaceFirst("^/+", "").replaceFirst("/+$", "");
    if (relative.isEmpty() || relative.indexOf('\0') >= 0) {
      throw PodkitException.usage("'" + path + "' names no file in a pod");
    }
    return relative;
  }

  private static PodkitException failure(String verb, String path, ErrnoException e) {
    if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
      return new PodkitException(ErrorKind.NOT_FOUND, "there is no " + path, null, e);
    }
    if (e.is(Errno.ELOOP)) {
      return new PodkitException(ErrorKind.REFUSED, path + " is a symbolic link", null, e);
    }
    return PodkitException.io("cannot " + verb + " " + path, e);
  }

  @Override
  public void close() {
    try {
      root.close();
    } catch (ErrnoException e) {
      throw new IllegalStateException("closing a directory that was only looked at", e);
    }
  }
}
