package io.podkit.process;

import io.podkit.error.PodkitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A running program that {@link Command} started. Closing kills it if it still runs.
 *
 * <p>Its standard error is always drained; its standard output is collected or copied as the
 * command said. One thread at a time.
 */
public final class Subprocess implements AutoCloseable {

  private static final int STDERR_LIMIT = 32 * 1024;

  /** How long after the program's own end its pipes may stay open in some grandchild. */
  private static final Duration PIPE_PATIENCE = Duration.ofSeconds(2);

  private final Command command;
  private final Process process;
  private final Drain.Tail stderrTail = new Drain.Tail(STDERR_LIMIT);
  private final Drain.Whole output;
  private final @Nullable Drain stdoutDrain;
  private final @Nullable Drain stderrDrain;
  private final @Nullable Feed feed;

  private Subprocess(Command command, Process process) {
    this.command = command;
    this.process = process;
    this.output = new Drain.Whole(command.outputLimit());
    String name = command.program() + "-" + process.pid();
    OutputStream to = command.stdout();
    Drain.Sink sink = to != null ? new Drain.Copy(to) : output;
    stdoutDrain =
        command.drainsStdout() ? Drain.start(name + "-out", process.getInputStream(), sink) : null;
    stderrDrain =
        command.inheritsIo()
            ? null
            : Drain.start(name + "-err", process.getErrorStream(), stderrTail);
    InputStream from = command.stdin();
    feed = from != null ? Feed.start(name + "-in", from, process.getOutputStream()) : null;
  }

  static Subprocess start(Command command) throws PodkitException {
    ProcessBuilder builder = new ProcessBuilder(command.argv());
    command.adapt(builder.environment());
    if (command.directory() != null) {
      builder.directory(command.directory().toFile());
    }
    redirect(builder, command);
    try {
      return new Subprocess(command, builder.start());
    } catch (IOException e) {
      throw Failures.cannotStart(command, e);
    }
  }

  private static void redirect(ProcessBuilder builder, Command command) {
    if (command.inheritsIo()) {
      builder.inheritIO();
    }
    if (command.stdinFile() != null) {
      builder.redirectInput(command.stdinFile().toFile());
    }
    if (command.stdoutFile() != null) {
      builder.redirectOutput(command.stdoutFile().toFile());
    }
  }

  /** The program's process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * The pipe to its standard input, for a command without {@code stdin(..)}. Close it to let the
   * program see the end.
   */
  public OutputStream stdin() {
    return process.getOutputStream();
  }

  /** The pipe from its standard output, for a command with {@code stdoutPiped()}. */
  public InputStream stdout() {
    return process.getInputStream();
  }

  /**
   * Closes standard input, waits for the program's end and for its last output. What processes that
   * it left behind write later is not collected.
   *
   * @throws PodkitException TIMEOUT or CANCELLED after killing it, COMMAND if copying its streams
   *     failed
   */
  public CommandResult finish() throws PodkitException {
    try {
      if (feed == null) {
        closeStdin();
      }
      if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        destroyAndWait();
        throw Failures.timedOut(command.program(), command.timeout());
      }
      awaitStreams();
    } catch (InterruptedException e) {
      destroyAndWait();
      Thread.currentThread().interrupt();
      throw Failures.cancelled(command.program());
    } catch (IOException e) {
      throw Failures.stream(command.program(), e);
    }
    ExitStatus status = ExitStatus.exited(process.exitValue());
    return new CommandResult(status, output.bytes(), stderrTail.text());
  }

  /**
   * Kills the program with SIGKILL and waits until it is gone; does nothing if it has ended. An
   * interrupt does not cut the wait short: a killed process ends by itself.
   */
  public void destroyAndWait() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    destroyAndWait();
  }

  private void closeStdin() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // EPIPE for what was still buffered: the program did not want it, its exit status decides.
      return;
    }
  }

  /**
   * The program has ended, so its pipes end too, unless it left a process behind that holds them:
   * what that one writes is not the program's answer and is not waited for.
   */
  private void awaitStreams() throws IOException, InterruptedException {
    if (stdoutDrain != null) {
      stdoutDrain.await(PIPE_PATIENCE);
    }
    if (stderrDrain != null) {
      stderrDrain.await(PIPE_PATIENCE);
    }
    if (feed != null) {
      feed.await(PIPE_PATIENCE);
    }
  }
}
