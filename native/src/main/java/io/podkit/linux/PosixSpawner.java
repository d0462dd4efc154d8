package io.podkit.linux;

import io.podkit.linux.SpawnSpec.Stdio;
import io.podkit.linux.lib.LibC;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * posix_spawn(3) of glibc, which shares our memory until the exec: starting a program costs the
 * same whatever the heap's size, where fork copies the page tables.
 *
 * <p>The child has default signal handling, an empty signal mask and, apart from what {@link
 * SpawnSpec} names, no descriptor: the JVM's own have no close-on-exec.
 */
public final class PosixSpawner implements Spawner {

  static final short SETSIGDEF = 0x04;
  static final short SETSIGMASK = 0x08;
  static final short SETSID = 0x80; // since glibc 2.26

  /** More than the sizes of glibc's opaque types, which SpawnLayoutTest knows. */
  static final int OPAQUE_SIZE = 512;

  static final int SIZE_OF_SIGSET = 128;
  private static final int O_RDWR = 2;

  private final JnrSyscalls syscalls;
  private final LibC libc;
  private final Runtime runtime;

  /** A spawner on the process's own C library. */
  public PosixSpawner(JnrSyscalls syscalls) {
    this.syscalls = syscalls;
    this.libc = syscalls.libc;
    this.runtime = Runtime.getRuntime(libc);
  }

  @Override
  public SpawnedChild spawn(SpawnSpec spec) throws ErrnoException {
    List<Fd> childEnds = new ArrayList<>();
    Fd[] ourEnds = new Fd[3];
    boolean started = false;
    try {
      Pid pid = spawn(spec, childEnds, ourEnds);
      // Nobody but us collects this child, so its pid cannot be reused before this call.
      Fd pidfd = syscalls.pidfdOpen(pid);
      started = true;
      SpawnedChild.Pipes pipes = new SpawnedChild.Pipes(ourEnds[0], ourEnds[1], ourEnds[2]);
      return new SpawnedChild(syscalls, spec.program().toString(), pid, pidfd, pipes);
    } finally {
      closeAll(childEnds);
      if (!started) {
        closeAll(Arrays.asList(ourEnds));
      }
    }
  }

  private Pid spawn(SpawnSpec spec, List<Fd> childEnds, Fd[] ourEnds) throws ErrnoException {
    Pointer actions = Memory.allocateDirect(runtime, OPAQUE_SIZE, true);
    Pointer attributes = Memory.allocateDirect(runtime, OPAQUE_SIZE, true);
    check(libc.posix_spawn_file_actions_init(actions), spec);
    check(libc.posix_spawnattr_init(attributes), spec);
    try {
      setAttributes(attributes, spec);
      addStandardStreams(actions, spec, childEnds, ourEnds);
      addPassed(actions, spec, childEnds);
      closeOthers(actions, spec);
      return execute(spec, actions, attributes);
    } finally {
      libc.posix_spawn_file_actions_destroy(actions);
      libc.posix_spawnattr_destroy(attributes);
    }
  }

  private void setAttributes(Pointer attributes, SpawnSpec spec) throws ErrnoException {
    byte[] none = new byte[SIZE_OF_SIGSET];
    byte[] all = new byte[SIZE_OF_SIGSET];
    Arrays.fill(all, (byte) 0xff);
    check(libc.posix_spawnattr_setsigmask(attributes, none), spec);
    check(libc.posix_spawnattr_setsigdefault(attributes, all), spec);
    int flags = SETSIGDEF | SETSIGMASK | (spec.hasNewSession() ? SETSID : 0);
    check(libc.posix_spawnattr_setflags(attributes, (short) flags), spec);
  }

  private void addStandardStreams(Pointer actions, SpawnSpec spec, List<Fd> childEnds, Fd[] ourEnds)
      throws ErrnoException {
    for (int number = 0; number <= 2; number++) {
      Stdio stdio = spec.stdio(number);
      if (stdio == Stdio.PIPE) {
        FdPair pipe = syscalls.pipe();
        ourEnds[number] = number == 0 ? pipe.second() : pipe.first();
        Fd childEnd = number == 0 ? pipe.first() : pipe.second();
        childEnds.add(childEnd);
        addDuplicate(actions, spec, childEnds, childEnd, number);
      } else if (stdio == Stdio.NULL) {
        byte[] devNull = CStrings.of("/dev/null");
        check(libc.posix_spawn_file_actions_addopen(actions, number, devNull, O_RDWR, 0), spec);
      }
    }
  }

  private void addPassed(Pointer actions, SpawnSpec spec, List<Fd> childEnds)
      throws ErrnoException {
    for (Map.Entry<Integer, Fd> passed : spec.passed().entrySet()) {
      addDuplicate(actions, spec, childEnds, passed.getValue(), passed.getKey());
    }
  }

  private void closeOthers(Pointer actions, SpawnSpec spec) throws ErrnoException {
    for (int number = 3; number < spec.highest(); number++) {
      if (!spec.passed().containsKey(number)) {
        check(libc.posix_spawn_file_actions_addclose(actions, number), spec);
      }
    }
    check(libc.posix_spawn_file_actions_addclosefrom_np(actions, spec.highest() + 1), spec);
  }

  /**
   * Through a copy above all target numbers, so that no dup2 overwrites the source of a later one.
   */
  private void addDuplicate(
      Pointer actions, SpawnSpec spec, List<Fd> childEnds, Fd source, int number)
      throws ErrnoException {
    Fd high = syscalls.duplicate(source, spec.highest() + 1);
    childEnds.add(high);
    check(libc.posix_spawn_file_actions_adddup2(actions, high.number(), number), spec);
  }

  private Pid execute(SpawnSpec spec, Pointer actions, Pointer attributes) throws ErrnoException {
    int[] pid = new int[1];
    byte[] path = CStrings.terminated(PathBytes.of(spec.program()));
    StringArray argv = new StringArray(runtime, spec.argv());
    StringArray environment = new StringArray(runtime, spec.environment());
    try {
      check(
          libc.posix_spawn(pid, path, actions, attributes, argv.pointer(), environment.pointer()),
          spec);
    } finally {
      // The kernel reads the strings through bare addresses, which the collector does not see.
      Reference.reachabilityFence(argv);
      Reference.reachabilityFence(environment);
    }
    return new Pid(pid[0]);
  }

  /** The posix_spawn functions return the error number and leave errno alone. */
  private static void check(int error, SpawnSpec spec) throws ErrnoException {
    if (error != 0) {
      throw new ErrnoException(Errno.of(error), "posix_spawn", spec.program().toString());
    }
  }

  private static void closeAll(List<@Nullable Fd> fds) throws ErrnoException {
    for (Fd fd : fds) {
      if (fd != null) {
        fd.close();
      }
    }
  }

  /** A {@code char *[]} with a null at the end. Its memory lives as long as this object. */
  private record StringArray(Pointer pointer, Pointer strings) {

    StringArray(Runtime runtime, List<String> texts) {
      this(runtime, texts.stream().map(CStrings::of).toList(), texts.size());
    }

    private StringArray(Runtime runtime, List<byte[]> texts, int count) {
      this(
          Memory.allocateDirect(runtime, (count + 1) * Long.BYTES, true),
          Memory.allocateDirect(runtime, 1 + texts.stream().mapToInt(t -> t.length).sum(), true));
      long at = 0;
      for (int i = 0; i < count; i++) {
        byte[] text = texts.get(i);
        strings.put(at, text, 0, text.length);
        pointer.putPointer((long) i * Long.BYTES, strings.slice(at));
        at += text.length;
      }
    }
  }
}
