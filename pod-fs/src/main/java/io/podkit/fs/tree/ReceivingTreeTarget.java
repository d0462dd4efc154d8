package io.podkit.fs.tree;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreeSize;
import io.podkit.fs.api.TreeTarget;
import io.podkit.fs.dir.DirCursor;
import io.podkit.fs.dir.RawPath;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A directory that takes the passes of one tree; adds up what they ask for. */
final class ReceivingTreeTarget implements TreeTarget {

  private final Syscalls sys;
  private final TreeKind kind;
  private final TreeLimits limits;
  private final DirCursor cursor;
  private final FileMaker maker;
  private final FileMakers makers;
  private @Nullable Boolean inherits;
  private long records;
  private long content;

  /**
   * Takes over the cursor.
   *
   * @param cursor owned from now on
   */
  ReceivingTreeTarget(Syscalls sys, TreeKind kind, TreeLimits limits, DirCursor cursor) {
    this.sys = sys;
    this.kind = kind;
    this.limits = limits;
    this.cursor = cursor;
    TreeRemover remover = new TreeRemover(sys);
    maker = new FileMaker(sys, kind, cursor, remover);
    makers = new FileMakers(sys, kind, cursor, remover);
  }

  @Override
  public TreeSize apply(InputStream in) throws PodkitException, IOException {
    StreamReader reader = new StreamReader(in, kind, limits, records, content);
    TreeApplier applier = new TreeApplier(sys, kind, cursor, maker, makers, mayInherit());
    try {
      reader.read(applier);
      applier.finish();
      maker.leave();
    } finally {
      makers.settle(); // after a failure, too: nobody is at work in the directory any more
    }
    inherits = applier.mayInherit();
    TreeSize applied = new TreeSize(reader.records() - records, reader.content() - content);
    records = reader.records();
    content = reader.content();
    return applied;
  }

  private boolean mayInherit() throws PodkitException {
    if (inherits == null) {
      try {
        boolean isEmpty = cursor.names(RawPath.ROOT).isEmpty();
        Set<String> ofRoot = new Xattrs(sys, kind).read(cursor.root()).keySet();
        inherits = !isEmpty || ofRoot.contains(TreeApplier.DEFAULT_ACL);
      } catch (ErrnoException e) {
        throw PodkitException.io("cannot read the directory that the tree goes to", e);
      }
    }
    return inherits;
  }

  @Override
  public void sync() throws PodkitException {
    try {
      sys.syncfs(cursor.root());
    } catch (ErrnoException e) {
      throw PodkitException.io("cannot write the tree to disk", e);
    }
  }

  @Override
  public void close() {
    try (cursor) {
      makers.close();
    } catch (ErrnoException e) {
      // Directories were only read from; what was written to files was checked when it was written.
      return;
    }
  }
}
