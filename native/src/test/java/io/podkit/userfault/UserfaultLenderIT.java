package io.podkit.userfault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PagesProcess;
import io.podkit.linux.Pid;
import io.podkit.linux.PosixSpawner;
import io.podkit.linux.Signal;
import io.podkit.linux.SpawnSpec;
import io.podkit.linux.SpawnedChild;
import io.podkit.process.ExitStatus;
import io.podkit.procfs.ProcStat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From processes in every state; each goes on as it was. Needs root. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UserfaultLenderIT {
  private static final Path POD_INIT = Path.of("target/pod-init").toAbsolutePath();
  private static final Path PROC = Path.of("/proc");
  private static final Path SH = Path.of("/bin/sh");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final JnrSyscalls sys = JnrSyscalls.load();
  private final PosixSpawner spawner = new PosixSpawner(sys);
  private final UserfaultLender lender = new UserfaultLender(sys, spawner, POD_INIT);

  @AfterEach
  void close() throws IOException {
    lender.close();
  }

  /** It is one, and the process has none of it. */
  private void assertLent(Pid pid) throws IOException {
    try (Fd uffd = lender.borrow(pid)) {
      assertThat(Files.readSymbolicLink(uffd.procPath())).hasToString("anon_inode:[userfaultfd]");
      assertThat(openFiles(pid)).isNotEmpty().noneMatch(file -> file.contains("userfaultfd"));
    }
  }

  private static List<String> openFiles(Pid pid) throws IOException {
    List<String> files = new ArrayList<>();
    try (DirectoryStream<Path> links =
        Files.newDirectoryStream(PROC.resolve(pid.toString()).resolve("fd"))) {
      for (Path link : links) {
        files.add(Files.readSymbolicLink(link).toString());
      }
    } catch (NoSuchFileException e) {
      return openFiles(pid); // closed meanwhile
    }
    return files;
  }

  private static void assertNotTraced(Pid pid) throws IOException {
    assertThat(Files.readString(PROC.resolve(pid.toString()).resolve("status")))
        .contains("TracerPid:\t0\n");
  }

  @Test
  void waitingProcess_waitsOn() throws Exception {
    try (PagesProcess process = PagesProcess.start(sys, 4)) {
      for (int i = 0; i < 10; i++) {
        assertLent(process.pid());
        assertNotTraced(process.pid());
        process.obey("check 1 2");
      }
    }
  }

  @Test
  void sleepingProcess_sleepsItsTime() throws Exception {
    long began = System.nanoTime();
    try (SpawnedChild sleep = spawner.spawn(SpawnSpec.of(Path.of("/bin/sleep"), "1"))) {
      assertLent(sleep.pid());
      assertLent(sleep.pid());
      assertThat(sleep.await(PATIENCE)).hasValue(ExitStatus.exited(0));
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void busyProcess_countsOn() throws Exception {
    SpawnSpec spec =
        SpawnSpec.of(
            SH, "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; [ $i = 300000 ]");
    try (SpawnedChild busy = spawner.spawn(spec)) {
      for (int i = 0; i < 20; i++) {
        assertLent(busy.pid());
      }
      assertThat(busy.await(PATIENCE)).hasValue(ExitStatus.exited(0));
    }
  }

  @Test
  void stoppedProcess_staysStopped() throws Exception {
    try (PagesProcess process = PagesProcess.start(sys, 4)) {
      process.signal(Signal.STOP);
      awaitState(process.pid(), 'T');
      assertLent(process.pid());
      awaitState(process.pid(), 'T');
      Thread.sleep(50);
      awaitState(process.pid(), 'T');
      assertNotTraced(process.pid());
      process.order("check 1 2");
      process.signal(Signal.CONT);
      assertThat(process.answer()).isEqualTo("ok");
      assertLent(process.pid());
    }
  }

  private static void awaitState(Pid pid, char state) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (ProcStat.of(PROC, pid).orElseThrow().state() != state) {
      assertThat(System.nanoTime()).as("%s is %s", pid, state).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  @Test
  void endedProcess_isToldAndTheNextOneIsServed() throws Exception {
    Pid gone;
    try (SpawnedChild child = spawner.spawn(SpawnSpec.of(SH, "-c", ":"))) {
      gone = child.pid();
      child.await(PATIENCE);
    }
    assertThatThrownBy(() -> lender.borrow(gone)).isInstanceOf(IOException.class);
    try (PagesProcess process = PagesProcess.start(sys, 4)) {
      assertLent(process.pid());
    }
  }

  @Test
  void processWithoutAFreeDescriptor_isToldAndRunsOn() throws Exception {
    SpawnSpec spec = SpawnSpec.of(SH, "-c", "ulimit -n 3; read x; exit 7").pipeStdin();
    try (SpawnedChild child = spawner.spawn(spec)) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.readString(PROC.resolve(child.pid() + "/limits")).contains("files     3 ")
          && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      assertThatThrownBy(() -> lender.borrow(child.pid()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Too many open files");
      child.stdin().close();
      assertThat(child.await(PATIENCE)).hasValue(ExitStatus.exited(7));
    }
  }

  @Test
  void borrowed_outlivesTheLender_whichCanBeUsedAgain() throws Exception {
    try (PagesProcess process = PagesProcess.start(sys, 4);
        Fd uffd = lender.borrow(process.pid())) {
      lender.close();
      lender.close();
      sys.trackWrites(uffd, process.address(0), 4 * PagesProcess.PAGE);
      process.obey("write 1 7");
      assertLent(process.pid());
    }
  }
}
