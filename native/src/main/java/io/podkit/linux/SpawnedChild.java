package io.podkit.linux;

import io.podkit.process.ExitStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A child that {@link Spawner} started, watched through a pidfd.
 *
 * <p>Closing kills it if it still runs, unless {@link #detach()} let it go; then its exit status is
 * collected, so no zombie stays. Used by one thread at a time.
 */
public final class SpawnedChild implements AutoCloseable {

  private static final Duration SLICE = Duration.ofMillis(200);
  private static final Duration FOREVER = Duration.ofDays(365);

  /** A reaper only sleeps in poll(2) and needs next to no stack. */
  private static final long REAPER_STACK = 128 * 1024;

  private final Syscalls syscalls;
  private final String program;
  private final Pid pid;
  private final Fd pidfd;
  private final Pipes pipes;
  private @Nullable ExitStatus status;
  private boolean detached;

  /**
   * Our ends of the child's standard streams; null where there is no pipe.
   *
   * @param stdin to write to
   * @param stdout to read from
   * @param stderr to read from
   */
  public record Pipes(@Nullable Fd stdin, @Nullable Fd stdout, @Nullable Fd stderr) {}

  /** Takes over a running child with its pidfd and pipes. */
  public SpawnedChild(Syscalls syscalls, String program, Pid pid, Fd pidfd, Pipes pipes) {
    this.syscalls = syscalls;
    this.program = program;
    this.pid = pid;
    this.pidfd = pidfd;
    this.pipes = pipes;
  }

  /** Its process id, valid until its status was collected. */
  public Pid pid() {
    return pid;
  }

  /** The pipe to its standard input; closed with this object. */
  public Fd stdin() {
    return pipe(pipes.stdin, "stdin");
  }

  /** Whether its standard output is a pipe to us. */
  public boolean hasStdout() {
    return pipes.stdout != null;
  }

  /** The pipe from its standard output; closed with this object. */
  public Fd stdout() {
    return pipe(pipes.stdout, "stdout");
  }

  /** The pipe from its standard error; closed with this object. */
  public Fd stderr() {
    return pipe(pipes.stderr, "stderr");
  }

  private static Fd pipe(@Nullable Fd fd, String name) {
    if (fd == null) {
      throw new IllegalStateException("the child's " + name + " is not a pipe");
    }
    return fd;
  }

  /** Whether it has not ended yet. */
  public boolean isAlive() throws ErrnoException {
    return collect().isEmpty();
  }

  /**
   * Waits for its end.
   *
   * @return how it ended, or empty if it still runs after {@code timeout}
   * @throws InterruptedException if this thread is interrupted; the child goes on
   */
  public Optional<ExitStatus> await(Duration timeout) throws ErrnoException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      Duration wait = Duration.ofNanos(Math.max(0, Math.min(left, SLICE.toNanos())));
      boolean ended = status != null || !syscalls.poll(pidfd, Set.of(PollEvent.IN), wait).isEmpty();
      if (ended) {
        return collect();
      }
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for " + this);
      }
      if (left <= 0) {
        return Optional.empty();
      }
    }
  }

  /** Sends it a signal; does nothing if it has ended. */
  public void signal(Signal signal) throws ErrnoException {
    if (status != null) {
      return;
    }
    try {
      syscalls.pidfdSendSignal(pidfd, signal);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }

  /**
   * Lets the child run on by itself: closing this object then closes the pipes only. A daemon
   * thread collects its status one day, so that a long-lived JVM gathers no zombies.
   */
  public void detach() {
    if (status != null || detached) {
      return;
    }
    detached = true;
    Thread reaper = new Thread(null, this::reap, "reap-" + pid, REAPER_STACK);
    reaper.setDaemon(true);
    reaper.start();
  }

  private void reap() {
    try (pidfd) {
      awaitEnd();
      syscalls.waitpidNoHang(pid);
    } catch (ErrnoException e) {
      throw new IllegalStateException("cannot collect " + this, e);
    }
  }

  /**
   * Kills it with SIGKILL and waits until it is gone, unless it has ended or was detached; closes
   * the pipes. Waits without regard to interrupts: a killed process ends by itself.
   */
  @Override
  public void close() throws IOException {
    try {
      if (!detached && pidfd.isOpen()) {
        killAndCollect();
      }
    } finally {
      closePipes();
    }
  }

  private void killAndCollect() throws ErrnoException {
    try (pidfd) {
      if (collect().isEmpty()) {
        signal(Signal.KILL);
        awaitEnd();
        collect();
      }
    }
  }

  private void awaitEnd() throws ErrnoException {
    boolean ended;
    do {
      ended = !syscalls.poll(pidfd, Set.of(PollEvent.IN), FOREVER).isEmpty();
    } while (!ended);
  }

  private void closePipes() throws IOException {
    for (Fd fd : new Fd[] {pipes.stdin, pipes.stdout, pipes.stderr}) {
      if (fd != null) {
        fd.close();
      }
    }
  }

  private Optional<ExitStatus> collect() throws ErrnoException {
    if (status == null) {
      status = syscalls.waitpidNoHang(pid).orElse(null);
    }
    return Optional.ofNullable(status);
  }

  @Override
  public String toString() {
    return program + " (pid " + pid + ")";
  }
}
