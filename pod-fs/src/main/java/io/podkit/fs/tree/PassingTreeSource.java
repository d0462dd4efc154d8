package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreePass;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.dir.DirCursor;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A tree that is sent in passes; remembers what the other side has. */
final class PassingTreeSource implements TreeSource {

  private final Syscalls sys;
  private final TreeKind kind;
  private final DirCursor cursor;
  private final TreeScanner scanner;
  private TreeManifest sent = TreeManifest.NOTHING;
  private boolean begun;

  /**
   * Takes over the cursor.
   *
   * @param cursor owned from now on
   */
  PassingTreeSource(Syscalls sys, TreeKind kind, DirCursor cursor, TreeScanner scanner) {
    this.sys = sys;
    this.kind = kind;
    this.cursor = cursor;
    this.scanner = scanner;
  }

  @Override
  public TreePass pass(OutputStream out) throws PodkitException, IOException {
    if (!begun) {
      cleanMappedPages();
    }
    return pass(out, false);
  }

  @Override
  public TreePass lastPass(OutputStream out) throws PodkitException, IOException {
    return pass(out, true);
  }

  @Override
  public void close() {
    sent = TreeManifest.NOTHING;
    try {
      cursor.close();
    } catch (ErrnoException e) {
      // Closing a directory that was only read from cannot lose anything.
      return;
    }
  }

  /**
   * Writes back the filesystem's dirty pages. A store through a mapping moves a file's times only
   * when it meets a clean page; a page that was dirty already when we read it could be written to
   * again, unseen.
   */
  private void cleanMappedPages() throws PodkitException {
    try {
      sys.syncfs(cursor.root());
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot write back the tree", e);
    }
  }

  private TreePass pass(OutputStream out, boolean still) throws PodkitException, IOException {
    begun = true;
    long start = System.nanoTime();
    TreeManifest now = scanner.scan(cursor);
    List<TreeChange> changes = TreeDelta.between(sent, now);
    long scanned = System.nanoTime();

    Map<String, TreeEntry> account = sent.keptIn(now);
    StreamWriter writer = new StreamWriter(out, kind);
    TreeSender sender = new TreeSender(sys, kind, cursor, writer, account, still);
    TreeSender.Tally tally = sender.send(changes);
    sent = now.withEntries(account);
    return new TreePass(
        now.entries().size(),
        tally.changed(),
        tally.metadata(),
        tally.deleted(),
        writer.bytes(),
        Duration.ofNanos(scanned - start),
        Duration.ofNanos(System.nanoTime() - scanned));
  }
}
