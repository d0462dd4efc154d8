package io.podkit.fs.tree;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.FsHints;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.FileStat;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a list of changes: reads what they name and writes it into a stream, and keeps
 * account of what the other side then has.
 *
 * <p>What vanished since the scan, or became something else, is left out, and the account stays as
 * it was: the next pass finds the difference. In a tree that nobody writes to, that is an error.
 */
final class TreeSender {

  /** What was sent, for the report. */
  record Tally(long changed, long metadata, long deleted) {}

  private final Syscalls sys;
  private final TreeKind kind;
  private final DirCursor cursor;
  private final StreamWriter out;
  private final Account account;
  private final boolean still;
  private final Xattrs xattrs;
  private final FileOpener opener;

  /** For the names of one inode: the path that stands for them on the other side. */
  private final Map<Long, TreeEntry> leaders = new HashMap<>();

  private long changed;
  private long metadata;
  private long deleted;

  /**
   * A sender for one pass.
   *
   * @param account what the other side has; changed as the stream is written
   * @param still whether nothing writes to the tree
   */
  TreeSender(
      Syscalls sys,
      TreeKind kind,
      DirCursor cursor,
      StreamWriter out,
      Account account,
      boolean still) {
    this.sys = sys;
    this.kind = kind;
    this.cursor = cursor;
    this.out = out;
    this.account = account;
    this.still = still;
    this.xattrs = new Xattrs(sys, kind);
    this.opener = new FileOpener(sys, cursor, xattrs, still);
  }

  /** Writes all changes and the end mark. */
  Tally send(List<TreeChange> changes) throws PodkitException, IOException {
    try (FilesAhead ahead = new FilesAhead(sys, kind, cursor, still, changes)) {
      for (int i = 0; i < changes.size(); i++) {
        ReadFile file = ahead.take(i);
        send(changes.get(i), file);
        if (file != null) {
          ahead.release(file);
        }
      }
    }
    out.end();
    return new Tally(changed, metadata, deleted);
  }

  /**
   * @param file what was read for it ahead, or null
   */
  private void send(TreeChange change, @Nullable ReadFile file)
      throws PodkitException, IOException {
    if (change.kind() != TreeChange.Kind.DELETE && lacksParent(change.path())) {
      return;
    }
    if (file != null && !file.isTooLarge()) {
      file(file);
      return;
    }
    switch (change.kind()) {
      case DELETE -> delete(change.path());
      case CREATE -> create(((TreeChange.Write) change).entry());
      case ATTRIBUTES -> attributes(((TreeChange.Write) change).entry());
      case PATCH -> patch((TreeChange.Patch) change);
      case LINK -> link((TreeChange.Link) change);
    }
  }

  /** Whether its directory vanished before it could be sent, even if it is back by now. */
  private boolean lacksParent(String path) {
    String parent = RawPath.parent(path);
    return !still && !parent.isEmpty() && account.find(parent) == null;
  }

  private void delete(String path) throws IOException {
    out.delete(path);
    account.remove(path);
    deleted++;
  }

  private void create(TreeEntry entry) throws PodkitException, IOException {
    switch (entry.stat().type()) {
      case REGULAR -> file(entry, null);
      case DIRECTORY -> directory(entry);
      case SYMLINK -> symlink(entry);
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> special(entry);
    }
  }

  private void directory(TreeEntry entry) throws PodkitException, IOException {
    Attributes attributes = read(entry);
    if (attributes == null) {
      return;
    }
    out.directory(entry.path(), attributes);
    sent(entry);
  }

  private void symlink(TreeEntry entry) throws PodkitException, IOException {
    Attributes attributes = read(entry);
    byte[] target = attributes == null ? null : readlink(entry);
    if (attributes == null || target == null) {
      return;
    }
    out.symlink(entry.path(), attributes, target);
    sent(entry);
  }

  private void special(TreeEntry entry) throws PodkitException, IOException {
    FileStat stat = entry.stat();
    if (!DeviceRules.carried(kind, stat.type(), stat.node())) {
      throw new PodkitException(
          ErrorKind.UNSUPPORTED,
          "cannot copy the tree: " + RawPath.shown(entry.path()) + " is a device node",
          FsHints.DEVICE_NODE,
          null);
    }
    Attributes attributes = read(entry);
    if (attributes == null) {
      return;
    }
    out.special(entry.path(), attributes, stat.type(), stat.node());
    sent(entry);
  }

  private void patch(TreeChange.Patch change) throws PodkitException, IOException {
    file(change.entry(), change.sent());
  }

  /** Sends a file, or those of its blocks that are not what was sent before. */
  private void file(TreeEntry entry, @Nullable Blocks sentBefore)
      throws PodkitException, IOException {
    AtomicReference<FileOpener.@Nullable Head> opened = new AtomicReference<>();
    Blocks blocks =
        opener.read(
            entry,
            sentBefore,
            head -> {
              begin(head);
              opened.set(head);
              return out;
            });
    if (blocks != null) {
      end(Objects.requireNonNull(opened.get()), blocks);
    }
  }

  /** Sends one that was read ahead; nothing if it had vanished. */
  private void file(ReadFile file) throws IOException {
    Blocks blocks = file.blocks();
    if (blocks != null) {
      begin(file.head());
      file.copyTo(out);
      end(file.head(), blocks);
    }
  }

  private void begin(FileOpener.Head head) throws IOException {
    if (head.before() == null) {
      out.file(head.entry().path(), head.attributes(), head.size());
    } else {
      out.patch(head.entry().path(), head.attributes(), head.size());
    }
  }

  private void end(FileOpener.Head head, Blocks blocks) throws IOException {
    out.endFile();
    if (head.before() != null && blocks.equals(head.before())) {
      metadata++;
      remember(head.entry().withBlocks(blocks));
    } else {
      sent(head.entry().withBlocks(blocks));
    }
  }

  private void attributes(TreeEntry entry) throws PodkitException, IOException {
    Attributes attributes = read(entry);
    if (attributes == null) {
      return;
    }
    out.attributes(entry.path(), entry.stat().type(), attributes);
    metadata++;
    remember(entry);
  }

  private void link(TreeChange.Link change) throws PodkitException, IOException {
    TreeEntry entry = change.entry();
    TreeEntry leader = leaders.get(entry.stat().inode());
    if (leader == null) { // its leader vanished: this name takes its place
      create(entry);
      return;
    }
    if (!change.already() || !leader.path().equals(change.existing())) {
      out.hardLink(entry.path(), leader.path());
      changed++;
    }
    account.put(leader.named(entry.path()));
  }

  private void sent(TreeEntry entry) {
    changed++;
    remember(entry);
  }

  private void remember(TreeEntry entry) {
    account.put(entry);
    if (entry.isLinked()) {
      leaders.put(entry.stat().inode(), entry);
    }
  }

  private @Nullable Attributes read(TreeEntry entry) throws PodkitException {
    try {
      PathAt at =
          entry.path().isEmpty()
              ? PathAt.in(cursor.enter(RawPath.ROOT), ".")
              : cursor.at(entry.path());
      return Attributes.of(entry.stat(), xattrs.read(at));
    } catch (ErrnoException e) {
      FileOpener.vanished(still, entry, e);
      return null;
    }
  }

  private byte @Nullable [] readlink(TreeEntry entry) throws PodkitException {
    try {
      return sys.readlink(cursor.at(entry.path()));
    } catch (ErrnoException e) {
      FileOpener.vanished(still, entry, e);
      return null;
    }
  }
}
