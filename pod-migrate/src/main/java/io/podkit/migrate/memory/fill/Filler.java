package io.podkit.migrate.memory.fill;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PathAt;
import io.podkit.linux.PollEvent;
import io.podkit.linux.PosixSpawner;
import io.podkit.linux.SpawnSpec;
import io.podkit.linux.SpawnedChild;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * The helper that fills the memory of a pod after it runs: {@code pod-init fill}, two processes
 * that outlive this one. Here is only the conversation with it, which any process may take up
 * again. Any thread may tell it something; one listens.
 */
public final class Filler implements AutoCloseable {
  /** The name of the directory in memory with store and index. */
  public static final String DIRECTORY = "fill";

  private static final String SOCKET = "fill.socket";

  /** Held by the helper in the pod's directory until every page is in place. */
  private static final String LOCK = "fill.lock";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration SLICE = Duration.ofMillis(200);
  private static final Duration FOREVER = Duration.ofDays(365);
  private static final int LONGEST = 1024;
  private static final String DONE = "done ";

  private final Syscalls syscalls;
  private final Fd socket;
  private final ByteBuffer heard = ByteBuffer.allocateDirect(LONGEST);
  private final ByteBuffer said = ByteBuffer.allocateDirect(LONGEST);

  private Filler(Syscalls syscalls, Fd socket) {
    this.syscalls = syscalls;
    this.socket = socket;
  }

  /**
   * Starts the helper, which then waits for CRIU and for {@link #load}.
   *
   * @param podInit the static helper
   * @param directory in memory, for store and index
   * @param work where CRIU will look for it
   */
  public static Filler start(Path podInit, Path directory, Path work) throws PodkitException {
    JnrSyscalls syscalls = JnrSyscalls.load();
    SpawnSpec command =
        SpawnSpec.of(podInit, "fill", "--dir", directory, "--socket-dir", work)
            .arguments("--lock", work.resolve(LOCK), "--log", work.resolve("fill.log"))
            .newSession()
            .pipeStdout()
            .inheritStderr();
    try (SpawnedChild child = new PosixSpawner(syscalls).spawn(command)) {
      awaitReady(syscalls, child);
      child.detach();
      return connect(syscalls, directory);
    } catch (IOException e) {
      throw PodkitException.io("cannot start what fills the pod's memory", e);
    }
  }

  private static void awaitReady(Syscalls syscalls, SpawnedChild child) throws IOException {
    ByteBuffer line = ByteBuffer.allocateDirect(LONGEST);
    boolean said = !syscalls.poll(child.stdout(), Set.of(PollEvent.IN), PATIENCE).isEmpty();
    if (!said || syscalls.read(child.stdout(), line) <= 0) {
      throw new IOException("pod-init fill did not start");
    }
  }

  /**
   * Takes up the conversation with one that was started before. It tells again what its listener
   * has to know.
   */
  public static Filler connect(Path directory) throws PodkitException {
    try {
      return connect(JnrSyscalls.load(), directory);
    } catch (IOException e) {
      throw PodkitException.io("what fills the pod's memory is not there", e);
    }
  }

  private static Filler connect(Syscalls syscalls, Path directory) throws IOException {
    try (Fd at = syscalls.openDirectory(PathAt.of(directory))) {
      return new Filler(syscalls, syscalls.connectSeqpacket(at.procPath().resolve(SOCKET)));
    }
  }

  /** Has it read the index and the store, which are complete. */
  public void load() throws PodkitException {
    say("load");
    await("loaded", PATIENCE);
  }

  /** Lets it fill what nobody asks for yet. */
  public void go() throws PodkitException {
    say("go");
  }

  /**
   * Pages that were to come later are in the store now, and the index says so. One that has ended
   * does not need to know: it ends when nobody wants anything, and else {@link #follow} tells.
   */
  public void here(long podPid, PageRun run) throws PodkitException {
    try {
      write("here " + podPid + " " + Long.toHexString(run.address()) + " " + run.pages());
    } catch (ErrnoException e) {
      if (!e.is(Errno.EPIPE)) {
        throw unheard(e);
      }
    } catch (IOException e) {
      throw unheard(e);
    }
  }

  /** Hears which pages somebody waits for that are still to come. */
  @FunctionalInterface
  public interface Wants {
    /** Adjacent pages of a process; the first of them is waited for. */
    void want(long podPid, PageRun run) throws PodkitException;
  }

  /**
   * Listens until every page is in place, or nobody is left to want one.
   *
   * @return what it did
   */
  public Filled follow(Wants wants) throws PodkitException {
    while (true) {
      String line = next(FOREVER);
      if (line.startsWith(DONE)) {
        return filled(line);
      }
      if (line.startsWith("want ")) {
        String[] words = line.split(" ", -1);
        PageRun run = new PageRun(Long.parseUnsignedLong(words[2], 16), Long.parseLong(words[3]));
        wants.want(Long.parseLong(words[1]), run);
      } else {
        requireNoError(line);
      }
    }
  }

  /** Nothing will ever run: it gives up and ends. */
  public void abandon() throws PodkitException {
    say("abandon");
  }

  /**
   * Returns when every page is in place, or nobody is left to want one.
   *
   * @return what it did
   */
  public Filled awaitDone(Duration patience) throws PodkitException {
    return filled(await("done", patience));
  }

  private static Filled filled(String line) {
    String[] words = line.split(" ", -1);
    return new Filled(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
  }

  /**
   * What was filled.
   *
   * @param pages put in place
   * @param faults that the pod waited for
   * @param forks of processes whose memory was not complete
   */
  public record Filled(long pages, long faults, long forks) {}

  private void say(String line) throws PodkitException {
    try {
      write(line);
    } catch (IOException e) {
      throw unheard(e);
    }
  }

  private void write(String line) throws IOException {
    synchronized (said) {
      syscalls.write(socket, said.clear().put(line.getBytes(StandardCharsets.UTF_8)).flip());
    }
  }

  private static PodkitException unheard(IOException e) {
    return PodkitException.io("what fills the pod's memory does not listen", e);
  }

  /** The next message that begins with that word; others that may come are passed over. */
  private String await(String wanted, Duration patience) throws PodkitException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      String line = next(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      requireNoError(line);
      if (line.equals(wanted) || line.startsWith(wanted + " ")) {
        return line;
      }
    }
  }

  private static void requireNoError(String line) throws PodkitException {
    if (line.startsWith("error ")) {
      throw PodkitException.internal("filling the pod's memory failed: " + line, null);
    }
  }

  private String next(Duration patience) throws PodkitException {
    try {
      awaitInput(patience);
      if (syscalls.read(socket, heard.clear()) < 0) {
        throw PodkitException.internal("what fills the pod's memory has ended", null);
      }
      byte[] line = new byte[heard.flip().remaining()];
      heard.get(line);
      return new String(line, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw PodkitException.io("what fills the pod's memory does not answer", e);
    }
  }

  /** In slices, because a thread in poll(2) does not notice an interrupt. */
  private void awaitInput(Duration patience) throws PodkitException, IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (syscalls.poll(socket, Set.of(PollEvent.IN), SLICE).isEmpty()) {
      if (Thread.currentThread().isInterrupted()) {
        throw PodkitException.cancelled("the wait for the pod's memory was interrupted");
      }
      if (System.nanoTime() - deadline >= 0) {
        throw PodkitException.timeout("what fills the pod's memory says nothing");
      }
    }
  }

  /** Ends the conversation; the helper goes on. */
  @Override
  public void close() throws PodkitException {
    try {
      socket.close();
    } catch (IOException e) {
      throw PodkitException.io("cannot close a socket", e);
    }
  }
}
