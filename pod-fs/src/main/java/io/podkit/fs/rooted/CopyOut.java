package io.podkit.fs.rooted;

import io.podkit.error.PodkitException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileStat;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Copies from a pod to the host. Names on the host are made of single components only. */
final class CopyOut {
  private static final Set<ResolveFlag> INSIDE =
      EnumSet.of(ResolveFlag.IN_ROOT, ResolveFlag.NO_MAGICLINKS);

  private final Syscalls sys;
  private final Fd root;
  private final Path shown;

  CopyOut(Syscalls sys, Fd root, Path shown) {
    this.sys = sys;
    this.root = root;
    this.shown = shown;
  }

  void copy(String relative, Path hostPath) throws PodkitException {
    String name = relative.substring(relative.lastIndexOf('/') + 1);
    Path target = Files.isDirectory(hostPath) ? hostPath.resolve(name) : hostPath;
    EnumSet<OpenFlag> flags = EnumSet.of(OpenFlag.READ, OpenFlag.NON_BLOCKING);
    try (Fd source = sys.openat2(PathAt.in(root, relative), flags, 0, INSIDE)) {
      copy(source, target);
    } catch (IOException e) {
      throw PodkitException.io("cannot copy /" + relative + " out of " + shown, e);
    }
  }

  private void copy(Fd source, Path target) throws IOException, PodkitException {
    FileStat stat = sys.fstat(source);
    if (stat.isDirectory()) {
      Files.createDirectories(target);
      for (byte[] name : sys.readDirectory(source)) {
        entry(source, name, target.resolve(new String(name, StandardCharsets.UTF_8)));
      }
    } else if (stat.isRegular()) {
      try (InputStream in = new FileInputStream(source.procPath().toFile())) {
        Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } else {
      throw PodkitException.refused("only files and directories can be copied out of a pod");
    }
    Files.setPosixFilePermissions(target, permissions(stat.permissions()));
    Files.setLastModifiedTime(target, FileTime.from(stat.modified()));
  }

  /** A link inside a copied directory stays a link; what is neither file nor directory is left. */
  private void entry(Fd directory, byte[] name, Path target) throws IOException, PodkitException {
    PathAt at = PathAt.in(directory, name);
    FileStat stat = sys.lstat(at);
    switch (stat.type()) {
      case SYMLINK -> {
        Files.deleteIfExists(target);
        Files.createSymbolicLink(
            target, Path.of(new String(sys.readlink(at), StandardCharsets.UTF_8)));
      }
      case DIRECTORY, REGULAR -> {
        EnumSet<OpenFlag> flags =
            EnumSet.of(OpenFlag.READ, OpenFlag.NO_FOLLOW, OpenFlag.NON_BLOCKING);
        try (Fd source = sys.openat2(at, flags, 0, Set.of(ResolveFlag.BENEATH))) {
          copy(source, target);
        }
      }
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET -> {}
    }
  }

  static Set<PosixFilePermission> permissions(int mode) {
    EnumSet<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] inOrder = PosixFilePermission.values();
    for (int i = 0; i < inOrder.length; i++) {
      // OWNER_READ is the highest of nine bits, OTHERS_EXECUTE the lowest.
      if ((mode & (0400 >> i)) != 0) {
        set.add(inOrder[i]);
      }
    }
    return set;
  }
}
