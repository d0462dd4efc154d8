package io.podkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.process.ExitStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PosixSpawnerTest {
  private static final Path SH = Path.of("/bin/sh");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JnrSyscalls sys = JnrSyscalls.load();
  private final Spawner spawner = new PosixSpawner(sys);

  @Test
  void spawn_passesWordsEnvironmentAndStreams() throws Exception {
    SpawnSpec spec =
        SpawnSpec.of(SH, "-c", "read x; echo \"$x $A $0 $1\"; echo oops >&2; exit 7", "zero", "one")
            .env("A", "b")
            .pipeStdin()
            .pipeStdout()
            .pipeStderr();
    try (SpawnedChild child = spawner.spawn(spec)) {
      sys.write(child.stdin(), direct("in\n"));
      assertThat(lines(child.stdout())).containsExactly("in b zero one");
      assertThat(lines(child.stderr())).containsExactly("oops");
      assertThat(child.await(PATIENCE)).hasValue(ExitStatus.exited(7));
    }
  }

  @Test
  void spawn_givesTheChildNothingButWhatWasNamed() throws Exception {
    SpawnSpec spec = SpawnSpec.of(SH, "-c", "ls -l /proc/self/fd").pipeStdout();
    try (FdPair pair = sys.socketpairSeqpacket();
        SpawnedChild child = spawner.spawn(spec.pass(pair.first(), 5))) {
      List<String> fds = lines(child.stdout()).stream().filter(l -> l.contains("->")).toList();
      assertThat(fds.get(0)).contains(" 0 -> /dev/null");
      assertThat(fds.get(1)).contains(" 1 -> pipe:");
      assertThat(fds.get(2)).contains(" 2 -> /dev/null");
      // ls itself opens the directory as number 3.
      assertThat(fds.get(3)).contains(" 3 -> /proc/");
      assertThat(fds.get(4)).contains(" 5 -> socket:");
      assertThat(fds).hasSize(5);
    }
  }

  @Test
  void spawn_passesDescriptorsWhoseNumbersCollide() throws Exception {
    try (FdPair one = sys.pipe();
        FdPair two = sys.pipe()) {
      // Each wants the number that the other one has now.
      SpawnSpec spec =
          SpawnSpec.of(
                  SH,
                  "-c",
                  "printf 1 >/dev/fd/"
                      + two.second().number()
                      + "; printf 2 >/dev/fd/"
                      + one.second().number())
              .pass(one.second(), two.second().number())
              .pass(two.second(), one.second().number());
      try (SpawnedChild child = spawner.spawn(spec)) {
        assertThat(child.await(PATIENCE)).hasValue(ExitStatus.exited(0));
      }
      assertThat(read(one.first())).isEqualTo("1");
      assertThat(read(two.first())).isEqualTo("2");
    }
  }

  @Test
  void spawn_makesASessionOfItsOwn() throws Exception {
    SpawnSpec spec = SpawnSpec.of(SH, "-c", "ps -o pid=,sid= -p $$").pipeStdout().newSession();
    try (SpawnedChild child = spawner.spawn(spec)) {
      String[] words = lines(child.stdout()).get(0).strip().split("\\s+", -1);
      assertThat(words[0]).isEqualTo(words[1]).isEqualTo(child.pid().toString());
    }
  }

  @Test
  void spawn_reportsWhatCannotBeExecuted() {
    assertThatThrownBy(() -> spawner.spawn(SpawnSpec.of(Path.of("/no/such"))))
        .hasMessage("posix_spawn(/no/such): ENOENT (No such file or directory)");
    assertThatThrownBy(() -> spawner.spawn(SpawnSpec.of(Path.of("/etc/passwd"))))
        .hasMessageContaining("EACCES");
  }

  @Test
  void await_tellsASignalFromAnExitCode() throws Exception {
    try (SpawnedChild child = spawner.spawn(SpawnSpec.of(SH, "-c", "exec sleep 60"))) {
      assertThat(child.await(Duration.ofMillis(20))).isEmpty();
      assertThat(child.isAlive()).isTrue();
      child.signal(Signal.TERM);
      assertThat(child.await(PATIENCE)).hasValue(ExitStatus.signalled(15));
      child.signal(Signal.TERM);
    }
    try (SpawnedChild child = spawner.spawn(SpawnSpec.of(SH, "-c", "exit 143"))) {
      assertThat(child.await(PATIENCE)).hasValue(ExitStatus.exited(143));
    }
  }

  @Test
  void close_killsAndLeavesNoZombie() throws Exception {
    SpawnedChild child = spawner.spawn(SpawnSpec.of(SH, "-c", "exec sleep 60"));
    child.close();
    child.close();
    assertThat(Path.of("/proc/" + child.pid())).doesNotExist();
  }

  @Test
  void detach_letsTheChildRunAndCollectsItLater() throws Exception {
    Pid pid;
    try (SpawnedChild child = spawner.spawn(SpawnSpec.of(SH, "-c", "exec sleep 1"))) {
      child.detach();
      pid = child.pid();
    }
    Path proc = Path.of("/proc/" + pid);
    assertThat(proc).exists();
    while (Files.exists(proc)) {
      Thread.sleep(50);
    }
  }

  @Test
  void spawn_leaksNoDescriptor() throws Exception {
    spawner.spawn(SpawnSpec.of(SH, "-c", ":").pipeStdin().pipeStdout()).close();
    long before = openDescriptors();
    for (int i = 0; i < 20; i++) {
      spawner.spawn(SpawnSpec.of(SH, "-c", ":").pipeStdin().pipeStdout()).close();
      assertThatThrownBy(() -> spawner.spawn(SpawnSpec.of(Path.of("/no/such")).pipeStdin()));
    }
    assertThat(openDescriptors()).isEqualTo(before);
  }

  private static long openDescriptors() throws IOException {
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.count();
    }
  }

  private List<String> lines(Fd fd) {
    FdChannel channel = new FdChannel(sys, fd, PATIENCE);
    return new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))
        .lines()
        .toList();
  }

  private String read(Fd fd) throws ErrnoException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    sys.read(fd, buffer);
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }

  private static ByteBuffer direct(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
