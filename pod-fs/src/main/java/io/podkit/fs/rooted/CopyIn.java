package io.podkit.fs.rooted;

import io.podkit.error.PodkitException;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** Copies from the host into a pod: every name is created in a directory held open in the pod. */
final class CopyIn {
  private static final Set<ResolveFlag> INSIDE =
      EnumSet.of(ResolveFlag.IN_ROOT, ResolveFlag.NO_MAGICLINKS);
  private static final Set<ResolveFlag> BENEATH =
      EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_SYMLINKS);

  private final Syscalls sys;
  private final Fd root;
  private final Path shown;

  CopyIn(Syscalls sys, Fd root, Path shown) {
    this.sys = sys;
    this.root = root;
    this.shown = shown;
  }

  void copy(Path hostPath, String relative) throws PodkitException {
    if (!Files.exists(hostPath)) {
      throw PodkitException.notFound("there is no " + hostPath);
    }
    try {
      if (isDirectory(relative)) {
        try (Fd directory = directory(relative)) {
          copy(hostPath, directory, hostPath.getFileName().toString());
        }
        return;
      }
      int slash = relative.lastIndexOf('/');
      try (Fd directory = directory(slash < 0 ? "." : relative.substring(0, slash))) {
        copy(hostPath, directory, relative.substring(slash + 1));
      }
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        throw PodkitException.notFound("there is no directory for /" + relative + " in the pod");
      }
      throw PodkitException.io("cannot copy " + hostPath + " into " + shown, e);
    } catch (IOException e) {
      throw PodkitException.io("cannot copy " + hostPath + " into " + shown, e);
    }
  }

  private boolean isDirectory(String relative) throws ErrnoException {
    try (Fd fd = sys.openat2(PathAt.in(root, relative), EnumSet.of(OpenFlag.PATH), 0, INSIDE)) {
      return sys.fstat(fd).isDirectory();
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private Fd directory(String relative) throws ErrnoException {
    return sys.openat2(PathAt.in(root, relative), EnumSet.of(OpenFlag.DIRECTORY), 0, INSIDE);
  }

  private void copy(Path source, Fd directory, String name) throws IOException, PodkitException {
    FileStat stat = sys.lstat(PathAt.of(source));
    PathAt at = PathAt.in(directory, name);
    switch (stat.type()) {
      case DIRECTORY -> {
        sys.mkdir(at, stat.permissions());
        try (Fd made = sys.openat2(at, EnumSet.of(OpenFlag.DIRECTORY), 0, BENEATH);
            DirectoryStream<Path> entries = Files.newDirectoryStream(source)) {
          for (Path entry : entries) {
            copy(entry, made, entry.getFileName().toString());
          }
        }
      }
      case REGULAR -> file(source, at, stat);
      case SYMLINK -> {
        replace(at);
        sys.symlink(Files.readSymbolicLink(source).toString().getBytes(StandardCharsets.UTF_8), at);
        return;
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET ->
          throw PodkitException.refused(
              "only files, directories and links can be copied into a pod, not " + source);
    }
    sys.chmod(at, stat.permissions());
    sys.utimensat(at, null, stat.modified());
  }

  private void file(Path source, PathAt at, FileStat stat) throws IOException {
    replace(at);
    EnumSet<OpenFlag> flags = EnumSet.of(OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE);
    try (Fd fd = sys.openat2(at, flags, stat.permissions(), BENEATH);
        OutputStream out = new FileOutputStream(fd.procPath().toFile())) {
      Files.copy(source, out);
    }
  }

  private void replace(PathAt at) throws ErrnoException {
    try {
      sys.unlink(at);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }
}
