package io.podkit.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A running {@code pages} of src/test/c: a process whose memory a test knows. */
public final class PagesProcess implements AutoCloseable {
  public static final long PAGE = 4096;

  private static final Path PROGRAM = Path.of("target/test-c/pages").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Syscalls sys;
  private final SpawnedChild child;
  private final BufferedReader answers;
  private final long start;

  private PagesProcess(Syscalls sys, SpawnedChild child) throws IOException {
    this.sys = sys;
    this.child = child;
    FdChannel channel = new FdChannel(sys, child.stdout(), PATIENCE);
    this.answers =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    this.start = Long.parseUnsignedLong(answers.readLine(), 16);
  }

  /** Starts one that has so many pages. */
  public static PagesProcess start(JnrSyscalls sys, int pages) throws IOException {
    SpawnSpec spec = SpawnSpec.of(PROGRAM, pages).pipeStdin().pipeStdout();
    return new PagesProcess(sys, new PosixSpawner(sys).spawn(spec));
  }

  public Pid pid() {
    return child.pid();
  }

  /** Address of a page. */
  public long address(long page) {
    return start + page * PAGE;
  }

  /** Gives an order without waiting for its end. */
  public void order(String order) throws IOException {
    byte[] line = (order + "\n").getBytes(StandardCharsets.UTF_8);
    sys.write(child.stdin(), ByteBuffer.allocateDirect(line.length).put(line).flip());
  }

  public String answer() throws IOException {
    return String.valueOf(answers.readLine());
  }

  /** Has it obey. */
  public void obey(String order) throws IOException {
    order(order);
    String answer = answer();
    if (!answer.equals("ok")) {
      throw new IOException(order + ": " + answer);
    }
  }

  public void signal(Signal signal) throws ErrnoException {
    child.signal(signal);
  }

  @Override
  public void close() throws IOException {
    child.close();
  }
}
