package io.podkit.fs.watch;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FileChange;
import io.podkit.linux.FileChanges;
import io.podkit.linux.PollEvent;
import io.podkit.linux.Syscalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what changes in a tree, whoever changes it and through whichever mount. A store through
 * a mapping is not told of until the mapping is gone: whoever asks has to look at mapped files
 * himself.
 *
 * <p>The kernel tells of the whole filesystem, and what lies elsewhere is thrown away at once, by a
 * thread that closing ends. Safe for use by many threads.
 */
public final class TreeWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TreeWatch.class);

  private static final Set<FileChange> WATCHED =
      EnumSet.complementOf(EnumSet.of(FileChange.OVERFLOW));

  private static final Duration WAIT = Duration.ofMillis(100);

  /** Equal events that wait in the kernel become one. */
  private static final long REST_MILLIS = 20;

  private static final int BUFFER = 256 * 1024;

  private final Syscalls sys;
  private final Fd group;
  private final Thread reader = new Thread(this::read, "tree-watch");
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  @GuardedBy("this")
  private final ChangedNames names;

  @GuardedBy("this")
  private boolean blind;

  private volatile boolean closed;

  private TreeWatch(Syscalls sys, Fd group, ChangedNames names) {
    this.sys = sys;
    this.group = group;
    this.names = names;
    reader.setDaemon(true);
  }

  static TreeWatch begin(Syscalls sys, Fd root, boolean besideToo, int maxNames)
      throws ErrnoException {
    ChangedNames names = new ChangedNames(sys, root, besideToo, maxNames);
    Fd group = sys.fanotifyInit();
    try {
      sys.fanotifyMarkFilesystem(group, root, WATCHED);
    } catch (ErrnoException e) {
      group.close();
      throw e;
    }
    TreeWatch watch = new TreeWatch(sys, group, names);
    watch.reader.start();
    return watch;
  }

  /**
   * What changed since this was called last, or since the beginning. What a process does while this
   * runs comes now or the next time.
   */
  public synchronized Changes drain() {
    collect();
    return blind ? Changes.UNKNOWN : names.take();
  }

  private void read() {
    try {
      while (!closed) {
        if (!sys.poll(group, EnumSet.of(PollEvent.IN), WAIT).isEmpty()) {
          TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
          collect();
        }
      }
    } catch (ErrnoException e) {
      goBlind(e);
    } catch (InterruptedException e) {
      LOG.debug("watching a tree ends");
    }
  }

  private synchronized void collect() {
    try {
      while (!closed && !blind) {
        buffer.clear();
        if (sys.read(group, buffer) <= 0) {
          return;
        }
        FileChanges.decode(buffer.flip(), names);
      }
    } catch (ErrnoException e) {
      if (!e.is(Errno.EAGAIN)) {
        goBlind(e);
      }
    } catch (IllegalArgumentException e) {
      goBlind(e); // an event of a shape that we do not know
    }
  }

  private synchronized void goBlind(Exception why) {
    LOG.warn("changes are searched for from now on", why);
    blind = true;
  }

  @Override
  public void close() throws ErrnoException {
    closed = true;
    reader.interrupt();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the thread lives for WAIT at most
    }
    synchronized (this) {
      group.close();
    }
  }
}
