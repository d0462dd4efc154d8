package io.podkit.process;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.podkit.error.PodkitException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A program to run, its arguments and where its streams go.
 *
 * <pre>{@code
 * CommandResult r = Command.of("mksquashfs", dir, file).timeout(Duration.ofMinutes(5)).run();
 * }</pre>
 *
 * <p>Without further words: standard input is empty, standard output is collected (at most 16 MiB),
 * of standard error the last 32 KiB are kept, the environment is ours with {@code LC_ALL=C}, and
 * after one minute the program is killed. A builder: each setter changes this object and returns
 * it; not thread-safe.
 */
public final class Command {

  /** What a program may take if the caller does not say. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

  static final int DEFAULT_OUTPUT_LIMIT = 16 << 20;

  private final List<String> argv;
  private final Map<String, String> environment = new LinkedHashMap<>(Map.of("LC_ALL", "C"));
  private final List<String> withheld = new ArrayList<>();
  private @Nullable Path directory;
  private Duration timeout = DEFAULT_TIMEOUT;
  private int outputLimit = DEFAULT_OUTPUT_LIMIT;
  private @Nullable InputStream stdin;
  private @Nullable OutputStream stdout;
  private @Nullable Path stdinFile;
  private @Nullable Path stdoutFile;
  private boolean stdoutPiped;
  private boolean inheritIo;

  private Command(List<String> argv) {
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
    this.argv = List.copyOf(argv);
  }

  /** A command of these words; each is taken as its {@code toString()}, so paths can be given. */
  public static Command of(Object program, Object... arguments) {
    List<String> words = new ArrayList<>();
    words.add(program.toString());
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return new Command(words);
  }

  /** A command of these words: the program, then its arguments. */
  public static Command of(List<String> argv) {
    return new Command(argv);
  }

  /** Sets a variable of the program's environment. */
  @CanIgnoreReturnValue
  public Command env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Leaves a variable of ours out of the program's environment. */
  @CanIgnoreReturnValue
  public Command withoutEnv(String name) {
    environment.remove(name);
    withheld.add(name);
    return this;
  }

  /** Runs the program in that directory instead of ours. */
  @CanIgnoreReturnValue
  public Command cwd(Path newDirectory) {
    directory = newDirectory;
    return this;
  }

  /** Kills the program when it takes longer. */
  @CanIgnoreReturnValue
  public Command timeout(Duration newTimeout) {
    timeout = newTimeout;
    return this;
  }

  /** Gives the program these bytes to read. */
  @CanIgnoreReturnValue
  public Command stdin(byte[] bytes) {
    return stdin(new ByteArrayInputStream(bytes));
  }

  /** Gives the program that stream to read, up to its end; the stream is not closed. */
  @CanIgnoreReturnValue
  public Command stdin(InputStream from) {
    stdin = Objects.requireNonNull(from, "from");
    return this;
  }

  /** Opens that file as the program's standard input. */
  @CanIgnoreReturnValue
  public Command stdin(Path file) {
    stdinFile = file;
    return this;
  }

  /**
   * Sends standard output to that stream instead of collecting it; written from another thread
   * while the command runs, neither flushed nor closed.
   */
  @CanIgnoreReturnValue
  public Command stdoutTo(OutputStream to) {
    stdout = Objects.requireNonNull(to, "to");
    return this;
  }

  /** Creates or truncates that file and lets the program write to it directly. */
  @CanIgnoreReturnValue
  public Command stdoutTo(Path file) {
    stdoutFile = file;
    return this;
  }

  /** Leaves standard output to the caller, who reads {@link Subprocess#stdout()} to its end. */
  @CanIgnoreReturnValue
  public Command stdoutPiped() {
    stdoutPiped = true;
    return this;
  }

  /** Accepts up to so many bytes of collected standard output. */
  @CanIgnoreReturnValue
  public Command outputLimit(int bytes) {
    outputLimit = bytes;
    return this;
  }

  /**
   * Gives the program our own standard input, output and error: for a program the user talks to.
   */
  @CanIgnoreReturnValue
  public Command inheritIo() {
    inheritIo = true;
    return this;
  }

  /**
   * Runs the program to its end, whatever its exit status.
   *
   * @throws PodkitException NOT_FOUND or IO if it cannot be started, TIMEOUT after it was killed,
   *     CANCELLED if this thread is interrupted (the program is killed, the interrupt flag stays),
   *     COMMAND if a stream failed
   */
  public CommandResult run() throws PodkitException {
    try (Subprocess process = start()) {
      return process.finish();
    }
  }

  /**
   * Runs the program and insists on exit code 0.
   *
   * @param what the operation in the caller's words, for the message: "cannot pack layer base"
   * @throws PodkitException as {@link #run()}, and COMMAND with the program's last words if it
   *     failed
   */
  @CanIgnoreReturnValue
  public CommandResult runOrThrow(String what) throws PodkitException {
    CommandResult result;
    try {
      result = run();
    } catch (PodkitException e) {
      throw e.during(what);
    }
    if (!result.success()) {
      throw Failures.failed(what, program(), result);
    }
    return result;
  }

  /**
   * Starts the program and leaves it running, for a caller that talks to it. Standard input is a
   * pipe unless {@link #stdin} or {@link #inheritIo()} was called.
   *
   * @return the running program; closing it kills it
   * @throws PodkitException NOT_FOUND or IO if it cannot be started
   */
  public Subprocess start() throws PodkitException {
    return Subprocess.start(this);
  }

  String program() {
    return argv.get(0);
  }

  List<String> argv() {
    return argv;
  }

  /** Makes our environment the program's. */
  void adapt(Map<String, String> inherited) {
    withheld.forEach(inherited::remove);
    inherited.putAll(environment);
  }

  @Nullable Path directory() {
    return directory;
  }

  Duration timeout() {
    return timeout;
  }

  int outputLimit() {
    return outputLimit;
  }

  @Nullable InputStream stdin() {
    return stdin;
  }

  @Nullable OutputStream stdout() {
    return stdout;
  }

  @Nullable Path stdinFile() {
    return stdinFile;
  }

  @Nullable Path stdoutFile() {
    return stdoutFile;
  }

  /**
   * Whether this class reads the program's standard output, not the caller, a file or a terminal.
   */
  boolean drainsStdout() {
    return !stdoutPiped && !inheritIo && stdoutFile == null;
  }

  boolean inheritsIo() {
    return inheritIo;
  }

  /** The words with spaces between them: for messages, not for a shell. */
  @Override
  public String toString() {
    return String.join(" ", argv);
  }
}
