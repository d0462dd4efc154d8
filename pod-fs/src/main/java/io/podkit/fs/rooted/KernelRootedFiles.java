package io.podkit.fs.rooted;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.RootedFiles;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FdChannel;
import io.podkit.linux.FileType;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ProcessCalls;
import io.podkit.linux.RenameFlag;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Files beneath a root in which the kernel keeps every path, through openat2(2). */
public final class KernelRootedFiles implements RootedFiles {

  private static final Set<OpenFlag> READ = EnumSet.of(OpenFlag.READ, OpenFlag.NON_BLOCKING);
  private static final Set<OpenFlag> WRITE_FIFO =
      EnumSet.of(OpenFlag.WRITE, OpenFlag.NON_BLOCKING, OpenFlag.NO_FOLLOW);
  private static final Set<OpenFlag> CREATE =
      EnumSet.of(OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);

  private static final Set<Errno> MISSING = EnumSet.of(Errno.ENOENT, Errno.ENOTDIR);

  /** A reader that has stopped may be gone for a long time; closing or an interrupt ends a wait. */
  private static final Duration WRITE_PATIENCE = Duration.ofDays(365);

  private final Syscalls sys;
  private final Root root;
  private final FileOwners owners;

  private KernelRootedFiles(Syscalls sys, Root root, FileOwners owners) {
    this.sys = sys;
    this.root = root;
    this.owners = owners;
  }

  /**
   * The files beneath that directory.
   *
   * @param owners whose they are on this host
   * @throws PodkitException NOT_FOUND if there is none
   */
  public static KernelRootedFiles open(Syscalls sys, Path directory, FileOwners owners)
      throws PodkitException {
    return new KernelRootedFiles(sys, Root.open(sys, directory), owners);
  }

  /** What is made until this is closed belongs to the pod's root. */
  private ProcessCalls.FileOwnership asPodRoot() throws ErrnoException {
    return owners.isShifted() ? sys.createFilesAs(owners.shift(), owners.shift()) : () -> {};
  }

  @Override
  public InputStream open(String path) throws PodkitException {
    FdInputStream in = openIfThere(path);
    if (in == null) {
      throw PodkitException.notFound("there is no file " + path + " in the pod");
    }
    return in;
  }

  @Override
  public Optional<byte[]> read(String path, int limit) throws PodkitException {
    try (FdInputStream in = openIfThere(path)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] content = in.readNBytes(limit + 1);
      if (content.length > limit) {
        throw PodkitException.refused(path + " in the pod has more than " + limit + " bytes");
      }
      return Optional.of(content);
    } catch (IOException e) {
      throw failure("read", path, e);
    }
  }

  private @Nullable FdInputStream openIfThere(String path) throws PodkitException {
    try {
      Fd fd = root.open(path, READ);
      if (!sys.fstat(fd).isRegular()) {
        fd.close();
        throw PodkitException.refused(path + " in the pod is not a regular file");
      }
      return new FdInputStream(sys, fd);
    } catch (ErrnoException e) {
      if (MISSING.contains(e.errno())) {
        return null;
      }
      throw failure("open", path, e);
    }
  }

  @Override
  public void write(String path, byte[] content, int mode) throws PodkitException {
    try (ProcessCalls.FileOwnership podRoot = asPodRoot();
        Fd parent = root.parent(path)) {
      String temporary = ".podkit-" + UUID.randomUUID();
      PathAt at = PathAt.in(parent, temporary);
      try (Fd file = sys.open(at, CREATE, 0600)) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(content.length).put(content).flip();
        while (bytes.hasRemaining()) {
          sys.write(file, bytes);
        }
      }
      sys.chmod(at, mode);
      sys.renameat2(at, Root.in(parent, path), Set.<RenameFlag>of());
    } catch (ErrnoException e) {
      throw failure("write", path, e);
    }
  }

  @Override
  public OutputStream openFifo(String path) throws PodkitException {
    try {
      Fd fd = root.open(path, WRITE_FIFO);
      if (sys.fstat(fd).type() != FileType.FIFO) {
        fd.close();
        throw PodkitException.refused(path + " in the pod is not a FIFO");
      }
      return Channels.newOutputStream(new FdChannel(sys, fd, WRITE_PATIENCE));
    } catch (ErrnoException e) {
      if (e.is(Errno.ENXIO)) {
        throw PodkitException.conflict("nobody reads " + path + " in the pod");
      }
      throw failure("open", path, e);
    }
  }

  @Override
  public void createFifo(String path, int mode) throws PodkitException {
    try (ProcessCalls.FileOwnership podRoot = asPodRoot();
        Fd parent = root.parent(path)) {
      sys.mkfifo(Root.in(parent, path), mode);
      sys.chmod(Root.in(parent, path), mode);
    } catch (ErrnoException e) {
      throw failure("make", path, e);
    }
  }

  @Override
  public void createDirectory(String path, int mode) throws PodkitException {
    try (ProcessCalls.FileOwnership podRoot = asPodRoot();
        Fd parent = root.parent(path)) {
      PathAt at = Root.in(parent, path);
      if (sys.mkdir(at, mode)) {
        sys.chmod(at, mode);
      } else if (!sys.lstat(at).isDirectory()) {
        throw PodkitException.refused(path + " in the pod is not a directory");
      }
    } catch (ErrnoException e) {
      throw failure("make", path, e);
    }
  }

  @Override
  public void delete(String path) throws PodkitException {
    try (Fd parent = root.parent(path);
        DirCursor cursor = DirCursor.open(sys, parent.procPath())) {
      new TreeRemover(sys).remove(cursor, RawPath.ofText(Root.name(path)));
    } catch (ErrnoException e) {
      if (!MISSING.contains(e.errno())) {
        throw failure("remove", path, e);
      }
    }
  }

  @Override
  public void copyOut(String path, Path hostPath) throws PodkitException {
    try (Root host = Root.open(sys, Path.of("/"))) {
      copy(root, path, host, hostPath.toAbsolutePath().normalize().toString());
    } catch (IOException e) {
      throw failed("cannot copy " + path + " to " + hostPath, e);
    }
  }

  @Override
  public void copyIn(Path hostPath, String path) throws PodkitException {
    try (ProcessCalls.FileOwnership podRoot = asPodRoot();
        Root host = Root.open(sys, Path.of("/"))) {
      copy(host, hostPath.toAbsolutePath().normalize().toString(), root, path);
    } catch (IOException e) {
      throw failed("cannot copy " + hostPath + " to " + path, e);
    }
  }

  private void copy(Root from, String source, Root to, String target)
      throws PodkitException, IOException {
    String name = Root.name(source);
    boolean into = to.isDirectory(target);
    try (Fd sourceParent = from.parent(source);
        Fd targetParent = into ? to.directory(target) : to.parent(target);
        DirCursor reading = DirCursor.open(sys, sourceParent.procPath());
        DirCursor writing = DirCursor.open(sys, targetParent.procPath())) {
      String read = name.isEmpty() ? RawPath.ROOT : RawPath.ofText(name);
      String written = into ? read : RawPath.ofText(Root.name(target));
      new PlainCopy(sys, reading, writing).copy(read, written);
    }
  }

  @Override
  public void close() {
    root.close();
  }

  private static PodkitException failure(String verb, String path, IOException e) {
    return failed("cannot " + verb + " " + path + " in the pod", e);
  }

  private static PodkitException failed(String what, IOException e) {
    if (e instanceof ErrnoException errno && MISSING.contains(errno.errno())) {
      return new PodkitException(ErrorKind.NOT_FOUND, what + ": it does not exist", null, e);
    }
    return PodkitException.io(what, e);
  }
}
