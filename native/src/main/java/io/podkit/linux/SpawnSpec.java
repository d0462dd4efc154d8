package io.podkit.linux;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program for {@link Spawner}: its words, its environment and exactly the descriptors it gets.
 *
 * <p>Without further words the standard streams are /dev/null, nothing else is passed on, and the
 * environment is ours with {@code LC_ALL=C}. A builder; not thread-safe.
 */
public final class SpawnSpec {

  /** Where a standard stream of the child leads. */
  enum Stdio {
    NULL,
    PIPE,
    INHERIT
  }

  private final Path program;
  private final List<String> argv = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>(System.getenv());
  private final TreeMap<Integer, Fd> passed = new TreeMap<>();
  private Stdio stdin = Stdio.NULL;
  private Stdio stdout = Stdio.NULL;
  private Stdio stderr = Stdio.NULL;
  private boolean newSession;

  private SpawnSpec(Path program) {
    if (!program.isAbsolute()) {
      throw new IllegalArgumentException("not an absolute path: " + program);
    }
    this.program = program;
    argv.add(program.toString());
    environment.put("LC_ALL", "C");
  }

  /** A program by its absolute path, which is also its first word. */
  public static SpawnSpec of(Path program, Object... arguments) {
    return new SpawnSpec(program).arguments(arguments);
  }

  /** Adds words; each is taken as its {@code toString()}. */
  @CanIgnoreReturnValue
  public SpawnSpec arguments(Object... arguments) {
    for (Object argument : arguments) {
      argv.add(argument.toString());
    }
    return this;
  }

  /** Sets a variable of the environment. */
  @CanIgnoreReturnValue
  public SpawnSpec env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Makes standard input a pipe that {@link SpawnedChild#stdin()} writes to. */
  @CanIgnoreReturnValue
  public SpawnSpec pipeStdin() {
    stdin = Stdio.PIPE;
    return this;
  }

  /** Makes standard output a pipe that {@link SpawnedChild#stdout()} reads from. */
  @CanIgnoreReturnValue
  public SpawnSpec pipeStdout() {
    stdout = Stdio.PIPE;
    return this;
  }

  /** Makes standard error a pipe that {@link SpawnedChild#stderr()} reads from. */
  @CanIgnoreReturnValue
  public SpawnSpec pipeStderr() {
    stderr = Stdio.PIPE;
    return this;
  }

  /** Gives the child our own standard error. */
  @CanIgnoreReturnValue
  public SpawnSpec inheritStderr() {
    stderr = Stdio.INHERIT;
    return this;
  }

  /**
   * Gives the child a descriptor under a number of its own, 0 to 2 included. Not taken over: the
   * caller still closes its own.
   */
  @CanIgnoreReturnValue
  public SpawnSpec pass(Fd fd, int asNumber) {
    passed.put(asNumber, fd);
    return this;
  }

  /** Makes the child the leader of a new session, without a terminal: POSIX_SPAWN_SETSID. */
  @CanIgnoreReturnValue
  public SpawnSpec newSession() {
    newSession = true;
    return this;
  }

  Path program() {
    return program;
  }

  List<String> argv() {
    return argv;
  }

  List<String> environment() {
    return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  Map<Integer, Fd> passed() {
    return passed;
  }

  /** The highest number among the descriptors the child gets. */
  int highest() {
    return passed.isEmpty() ? 2 : Math.max(2, passed.lastKey());
  }

  /** Where that standard stream leads, null if {@link #pass} decided it. */
  @Nullable Stdio stdio(int number) {
    if (passed.containsKey(number)) {
      return null;
    }
    return switch (number) {
      case 0 -> stdin;
      case 1 -> stdout;
      default -> stderr;
    };
  }

  boolean hasNewSession() {
    return newSession;
  }

  @Override
  public String toString() {
    return String.join(" ", argv);
  }
}
