package io.podkit.fs.volume;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.api.TreeTarget;
import io.podkit.fs.api.Trees;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.ResolveFlag;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Copies what an image has at some path, exactly, into a fresh volume. */
final class FirstContent {

  private static final Set<Errno> NO_DIRECTORY = Set.of(Errno.ENOENT, Errno.ENOTDIR);
  private static final int PIPE_BYTES = 1 << 20;

  private final Syscalls sys;
  private final Trees trees;

  FirstContent(Syscalls sys, Trees trees) {
    this.sys = sys;
    this.trees = trees;
  }

  void copy(Path root, Path path, Path into) throws PodkitException {
    try (Fd top = sys.open(PathAt.of(root), Set.of(OpenFlag.DIRECTORY), 0);
        Fd from =
            sys.openat2(
                PathAt.in(top, Path.of("/").relativize(path)),
                Set.of(OpenFlag.DIRECTORY),
                0,
                Set.of(ResolveFlag.IN_ROOT))) {
      copy(from.procPath(), into);
    } catch (ErrnoException e) {
      if (!NO_DIRECTORY.contains(e.errno())) {
        throw PodkitException.io("cannot copy " + path + " of the image into a volume", e);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot copy " + path + " of the image into a volume", e);
    }
  }

  private void copy(Path from, Path into) throws PodkitException, IOException {
    ExecutorService sender = Executors.newSingleThreadExecutor();
    try (TreeSource source = trees.source(from, TreeKind.PLAIN);
        TreeTarget target = trees.target(into, TreeKind.PLAIN, TreeLimits.STANDARD);
        PipedInputStream in = new PipedInputStream(PIPE_BYTES)) {
      PipedOutputStream out = new PipedOutputStream(in);
      Future<?> sent =
          sender.submit(
              () -> {
                try (out) {
                  source.lastPass(out, MappedFiles.UNKNOWN);
                }
                return null;
              });
      try {
        target.apply(in);
      } catch (PodkitException | IOException e) {
        in.close(); // whoever still writes to it fails, too
        throw reason(sent, e);
      }
      await(sent);
    } finally {
      sender.shutdown();
    }
  }

  /** What ended the sending explains a stream that ended early. */
  private static PodkitException reason(Future<?> sent, Exception received) {
    try {
      sent.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PodkitException known) {
        known.addSuppressed(received);
        return known;
      }
    }
    return received instanceof PodkitException known
        ? known
        : PodkitException.internal("copying into a volume failed", received);
  }

  private static void await(Future<?> sent) throws PodkitException {
    try {
      sent.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("interrupted while a volume was filled");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof PodkitException known
          ? known
          : PodkitException.internal("copying into a volume failed", e.getCause());
    }
  }
}
