package io.podkit.criu;

import io.podkit.error.PodkitException;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.Fd;
import io.podkit.linux.FdPair;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.PollEvent;
import io.podkit.linux.SpawnSpec;
import io.podkit.linux.SpawnedChild;
import io.podkit.linux.Spawner;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A running {@code criu swrk} and our end of its socket. Closing ends both, unless they were handed
 * over.
 */
final class SwrkConnection implements AutoCloseable {

  /** The worker's numbers for what it inherits. */
  static final int SOCKET = 3;

  static final int PAGE_SERVER = 4;

  private static final Set<OpenFlag> APPEND =
      Set.of(OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.APPEND);

  private static final int STDERR = 2;
  private static final int PRIVATE_FILE = 0600;

  /** After an error CRIU thaws and cleans up; more than this means that it hangs. */
  private static final Duration END_PATIENCE = Duration.ofSeconds(30);

  private static final int MAX_LAST_WORDS = 16 * 1024;

  private final Syscalls syscalls;
  private final Fd socket;
  private final SpawnedChild worker;
  private boolean workerHandedOver;

  private SwrkConnection(Syscalls syscalls, Fd socket, SpawnedChild worker) {
    this.syscalls = syscalls;
    this.socket = socket;
    this.worker = worker;
  }

  /**
   * Starts a worker.
   *
   * @param log where it writes before it has its own log
   * @param pageServer passed on as number {@link #PAGE_SERVER}, if not null, and closed here on
   *     every way out: with a copy left in our process its other end would never see the end
   */
  static SwrkConnection open(
      Syscalls syscalls,
      Spawner spawner,
      SwrkLauncher launcher,
      Path criu,
      Path log,
      @Nullable Fd pageServer)
      throws PodkitException {
    List<Integer> keep = pageServer == null ? List.of() : List.of(PAGE_SERVER);
    SpawnSpec command = launcher.command(new SwrkLauncher.Plan(criu, SOCKET, keep, log));
    try (Fd handedOver = pageServer;
        Fd stderr = syscalls.open(PathAt.of(log), APPEND, PRIVATE_FILE);
        FdPair pair = syscalls.socketpairSeqpacket()) {
      command.pass(pair.second(), SOCKET).pass(stderr, STDERR);
      if (handedOver != null) {
        command.pass(handedOver, PAGE_SERVER);
      }
      SpawnedChild worker = spawner.spawn(command);
      return new SwrkConnection(syscalls, handOver(syscalls, pair.first()), worker);
    } catch (IOException e) {
      throw PodkitException.io("cannot start CRIU", e).withHint(CriuHints.NO_CRIU);
    }
  }

  /** Out of the try-with-resources that closes the pair. */
  private static Fd handOver(Syscalls syscalls, Fd end) throws ErrnoException {
    return syscalls.duplicate(end, 0);
  }

  /** Our end of the socket. */
  Fd socket() {
    return socket;
  }

  /** Another descriptor of our end, for libcriu, which closes what it was given. */
  Fd newSocket() throws ErrnoException {
    return syscalls.duplicate(socket, 0);
  }

  /** Lets the caller of the whole operation own the worker. */
  SpawnedChild handOverWorker() {
    workerHandedOver = true;
    return worker;
  }

  /**
   * Stops answering CRIU and waits until it has ended, and so has thawed, unlocked and removed what
   * it had to.
   *
   * <p>Nobody needs to know its pid for that, which a helper may have started: it has ended when
   * the other end of the socket is closed. Regardless of interrupts: the tasks' fate must be known
   * before the caller goes on.
   *
   * @return false if it hangs; closing kills the worker
   */
  boolean awaitEnd() throws ErrnoException {
    syscalls.shutdownWrite(socket);
    return !syscalls.poll(socket, Set.of(), END_PATIENCE).isEmpty();
  }

  /** What a helper said on standard output before it ended; empty if that is not ours to read. */
  byte[] lastWords() throws ErrnoException {
    if (!worker.hasStdout()) {
      return new byte[0];
    }
    ByteBuffer words = ByteBuffer.allocateDirect(MAX_LAST_WORDS);
    boolean more = true;
    while (more && !syscalls.poll(worker.stdout(), Set.of(PollEvent.IN), Duration.ZERO).isEmpty()) {
      more = syscalls.read(worker.stdout(), words) > 0;
    }
    byte[] bytes = new byte[words.flip().remaining()];
    words.get(bytes);
    return bytes;
  }

  @Override
  public void close() throws PodkitException {
    try (socket) {
      if (!workerHandedOver) {
        worker.close();
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot close the connection to CRIU", e);
    }
  }
}
