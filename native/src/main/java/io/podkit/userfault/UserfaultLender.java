package io.podkit.userfault;

import io.podkit.linux.Fd;
import io.podkit.linux.Pid;
import io.podkit.linux.PollEvent;
import io.podkit.linux.SpawnSpec;
import io.podkit.linux.SpawnedChild;
import io.podkit.linux.Spawner;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gets userfaultfds of other processes, ready to track writes to them, through {@code pod-init
 * uffd}: each process is stopped for some 100 microseconds. Not thread-safe.
 */
public final class UserfaultLender implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LONGEST_LINE = 1024;

  private final Syscalls syscalls;
  private final Spawner spawner;
  private final Path podInit;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(LONGEST_LINE);
  private @Nullable SpawnedChild helper;

  /**
   * @param podInit the static helper
   */
  public UserfaultLender(Syscalls syscalls, Spawner spawner, Path podInit) {
    this.syscalls = syscalls;
    this.spawner = spawner;
    this.podInit = podInit;
  }

  /**
   * A userfaultfd of the address space that a process has now; the caller's.
   *
   * @throws IOException saying why there is none: the process has ended, cannot be stopped, or has
   *     no descriptor free. It runs on as before
   */
  public Fd borrow(Pid pid) throws IOException {
    SpawnedChild running = running();
    write(running, pid + "\n");
    String answer = readLine(running);
    String[] words = answer.split(" ", 3);
    if (words.length == 3 && words[0].equals("uffd") && words[1].equals(pid.toString())) {
      try (Fd process = syscalls.pidfdOpen(running.pid())) {
        return syscalls.pidfdGetfd(process, Integer.parseInt(words[2]));
      }
    }
    throw new IOException(words.length == 3 ? words[2] : "pod-init uffd ended");
  }

  private SpawnedChild running() throws IOException {
    SpawnedChild known = helper;
    if (known != null && known.isAlive()) {
      return known;
    }
    close();
    SpawnedChild started =
        spawner.spawn(SpawnSpec.of(podInit, "uffd").pipeStdin().pipeStdout().newSession());
    helper = started;
    return started;
  }

  private void write(SpawnedChild to, String line) throws IOException {
    buffer.clear().put(line.getBytes(StandardCharsets.US_ASCII)).flip();
    while (buffer.hasRemaining()) {
      syscalls.write(to.stdin(), buffer);
    }
  }

  /** Empty if it ended. It answers one line to one line, so nothing comes after the newline. */
  private String readLine(SpawnedChild from) throws IOException {
    buffer.clear();
    while (buffer.position() == 0 || buffer.get(buffer.position() - 1) != '\n') {
      if (syscalls.poll(from.stdout(), Set.of(PollEvent.IN), PATIENCE).isEmpty()) {
        throw new IOException("pod-init uffd does not answer");
      }
      if (!buffer.hasRemaining() || syscalls.read(from.stdout(), buffer) <= 0) {
        return "";
      }
    }
    byte[] line = new byte[buffer.flip().remaining() - 1];
    buffer.get(line);
    return new String(line, StandardCharsets.UTF_8);
  }

  /** Ends the helper; what was borrowed stays. */
  @Override
  public void close() throws IOException {
    SpawnedChild ending = helper;
    helper = null;
    if (ending != null) {
      end(ending);
    }
  }

  /** It ends by itself at the end of its input; killed in the middle it would harm a process. */
  private static void end(SpawnedChild ending) throws IOException {
    try (ending) {
      ending.stdin().close();
      ending.await(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
