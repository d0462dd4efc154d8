package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreePass;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.watch.Changes;
import io.podkit.fs.watch.TreeWatch;
import io.podkit.fs.watch.Watches;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree that is sent in passes; remembers what the other side has. Where the kernel tells of
 * changes, only the first pass searches the tree.
 */
final class PassingTreeSource implements TreeSource {

  private final Syscalls sys;
  private final TreeKind kind;
  private final DirCursor cursor;
  private final TreeScanner scanner;
  private final Clock clock;
  private final Watches watches;
  private final Account account = new Account();
  private @Nullable TreeWatch watch;
  private boolean begun;

  /**
   * Takes over the cursor.
   *
   * @param cursor owned from now on
   * @param clock the clock that filesystems use, too
   */
  PassingTreeSource(
      Syscalls sys,
      TreeKind kind,
      DirCursor cursor,
      TreeScanner scanner,
      Clock clock,
      Watches watches) {
    this.sys = sys;
    this.kind = kind;
    this.cursor = cursor;
    this.scanner = scanner;
    this.clock = clock;
    this.watches = watches;
  }

  @Override
  public TreePass pass(OutputStream out, MappedFiles mapped) throws PodkitException, IOException {
    if (!begun) {
      watch = watches.begin(cursor.root(), kind == TreeKind.UPPER).orElse(null);
    }
    return pass(out, mapped, false);
  }

  @Override
  public TreePass lastPass(OutputStream out, MappedFiles mapped)
      throws PodkitException, IOException {
    return pass(out, mapped, true);
  }

  @Override
  public void close() {
    account.clear();
    try (DirCursor closing = cursor) {
      if (watch != null) {
        watch.close();
      }
    } catch (ErrnoException e) {
      // Closing what was only read from cannot lose anything.
      return;
    }
  }

  private TreePass pass(OutputStream out, MappedFiles mapped, boolean still)
      throws PodkitException, IOException {
    long start = System.nanoTime();
    Instant seen = clock.instant();
    Changes changes = begun && watch != null ? watch.drain() : Changes.UNKNOWN;
    begun = true;
    boolean told = changes.complete() && mapped.complete();
    if (!still) {
      cleanMappedPages(mapped);
    }
    TreeManifest before = account.whole();
    TreeManifest now;
    if (told) {
      PartialScan part = look(changes, mapped, seen);
      before = part.before();
      now = part.now();
    } else {
      now = scanner.scan(cursor, seen, kind == TreeKind.DEV);
    }
    List<TreeChange> steps = TreeDelta.between(before, now);
    long scanned = System.nanoTime();

    StreamWriter writer = new StreamWriter(out, kind);
    TreeSender sender = new TreeSender(sys, kind, cursor, writer, account, still);
    TreeSender.Tally tally = sender.send(steps);
    return new TreePass(
        now.entries().size(),
        tally.changed(),
        tally.metadata(),
        tally.deleted(),
        writer.bytes(),
        !told,
        Duration.ofNanos(scanned - start),
        Duration.ofNanos(System.nanoTime() - scanned));
  }

  private PartialScan look(Changes changes, MappedFiles mapped, Instant seen)
      throws PodkitException {
    Set<String> paths = new HashSet<>(changes.paths());
    mapped.paths().forEach(path -> paths.add(RawPath.of(path)));
    changes.inodes().forEach(inode -> paths.addAll(account.namesOf(inode)));
    return PartialScan.of(scanner, cursor, account, paths, changes.newDirectories(), seen);
  }

  /**
   * Writes back dirty pages that are mapped, or may be. A store through a mapping moves a file's
   * times only when it meets a clean page, or at the first use of the mapping; a page that is dirty
   * and mapped when we read it could be written to again, unseen.
   */
  private void cleanMappedPages(MappedFiles mapped) throws PodkitException {
    try {
      if (!mapped.complete()) {
        sys.syncfs(cursor.root());
        return;
      }
      for (byte[] path : mapped.paths()) {
        sync(RawPath.of(path));
      }
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot write back the tree", e);
    }
  }

  private void sync(String path) throws ErrnoException {
    try {
      PathAt at = cursor.at(path);
      if (sys.lstat(at).isRegular()) {
        try (Fd file = sys.openat2(at, FileOpener.READ, 0, FileOpener.BENEATH)) {
          sys.fsync(file);
        }
      }
    } catch (ErrnoException e) {
      if (!FileOpener.VANISHED.contains(e.errno())) {
        throw e;
      }
    }
  }
}
