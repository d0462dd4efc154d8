package io.podkit.migrate.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.core.api.PodProcess;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Pid;
import io.podkit.migrate.api.Blocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSurveyTest {
  private static final List<PodProcess> BOTH =
      List.of(new PodProcess(new Pid(100), 1), new PodProcess(new Pid(101), 7));

  @TempDir Path proc;

  @BeforeEach
  void twoProcesses() throws Exception {
    for (int pid : new int[] {100, 101}) {
      Path directory = proc.resolve(Integer.toString(pid));
      Files.createDirectories(directory.resolve("fd"));
      Files.createDirectories(directory.resolve("fdinfo"));
      Files.createDirectories(directory.resolve("ns"));
      for (String kind : new String[] {"uts", "ipc", "net", "pid", "user"}) {
        Files.createSymbolicLink(directory.resolve("ns").resolve(kind), Path.of(kind + ":[1]"));
      }
      status(pid, 0);
    }
  }

  private void status(int pid, int tracer) throws Exception {
    Files.writeString(
        proc.resolve(Integer.toString(pid)).resolve("status"),
        "Name:\tx\nTracerPid:\t"
            + tracer
            + "\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nNSpid:\t"
            + pid
            + "\t7\nThreads:\t1\nCapPrm:\t0\nCapEff:\t0\nCapBnd:\t0\nSeccomp:\t0\n");
  }

  private void descriptor(int pid, int number, String target, String flags) throws Exception {
    Path directory = proc.resolve(Integer.toString(pid));
    Files.createSymbolicLink(
        directory.resolve("fd").resolve(Integer.toString(number)), Path.of(target));
    Files.writeString(
        directory.resolve("fdinfo").resolve(Integer.toString(number)),
        "pos:\t0\nflags:\t" + flags + "\nmnt_id:\t15\n");
  }

  private List<Blocker> survey() throws Exception {
    return new ProcessSurvey(proc, JnrSyscalls.load()).of(BOTH);
  }

  @Test
  void ordinaryDescriptors_areInNobodysWay() throws Exception {
    descriptor(101, 0, "/dev/null", "0100000");
    descriptor(101, 1, "pipe:[12]", "01");
    descriptor(101, 2, "socket:[13]", "02");
    descriptor(101, 3, "anon_inode:[eventpoll]", "02");
    assertThat(survey()).isEmpty();
  }

  @Test
  void whatCriuRefuses_isNamedWithItsProcess() throws Exception {
    descriptor(101, 5, "anon_inode:[io_uring]", "02");
    assertThat(survey())
        .singleElement()
        .satisfies(
            blocker -> {
              assertThat(blocker.pid()).isEqualTo(OptionalLong.of(101));
              assertThat(blocker.what()).isEqualTo("file descriptor 5");
              assertThat(blocker.path()).isEqualTo("anon_inode:[io_uring]");
              assertThat(blocker.reason()).contains("io_uring");
              assertThat(blocker.cure()).isNotNull();
            });
  }

  @Test
  void aPipeInPacketMode_isFound() throws Exception {
    descriptor(101, 4, "pipe:[99]", "0140001");
    assertThat(survey()).extracting(Blocker::path).containsExactly("pipe:[99]");
  }

  @Test
  void aNestedNamespace_isFound() throws Exception {
    Path link = proc.resolve("101/ns/net");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("net:[2]"));
    assertThat(survey()).extracting(Blocker::what).containsExactly("a nested net namespace");
  }

  @Test
  void aTracedProcess_isFound() throws Exception {
    status(101, 100);
    assertThat(survey()).extracting(Blocker::reason).containsExactly("process 100 traces it");
  }

  @Test
  void aProcessThatHasEnded_isNone() throws Exception {
    List<PodProcess> gone = List.of(new PodProcess(new Pid(999), 9));
    assertThat(new ProcessSurvey(proc, JnrSyscalls.load()).of(gone)).isEmpty();
  }
}
