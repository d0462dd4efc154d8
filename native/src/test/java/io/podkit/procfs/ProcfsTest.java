package io.podkit.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.linux.Device;
import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parsers on files of real machines; src/test/resources/proc/README.md says which. */
class ProcfsTest {
  private static final Path HYBRID = Path.of("src/test/resources/proc/hybrid");
  private static final Path V2 = Path.of("src/test/resources/proc/v2");
  private static final Path REAL = Path.of("/proc");

  @Test
  void mountInfo_unescapesAndFindsTheMountOnTop() throws IOException {
    MountInfo info = MountInfo.self(HYBRID);
    Path place = Path.of("/mnt/a b#");

    assertThat(info.at(place))
        .hasValue(
            new MountEntry(
                83,
                82,
                new Device(0, 0x2d),
                "/",
                place,
                List.of("rw", "relatime"),
                List.of("shared:2"),
                "tmpfs",
                "top",
                List.of("rw")));
    assertThat(info.under(place)).extracting(MountEntry::id).containsExactly(84, 83, 82);
    assertThat(info.at(place.resolve("d")).orElseThrow().readOnly()).isTrue();
    assertThat(info.at(Path.of("/mnt/a"))).isEmpty();
    assertThat(info.mounts().get(0).propagation()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "22 27 0:21 / /proc rw",
        "22 27 0:21 / /proc rw - proc",
        "22 27 21 / /proc rw - proc proc rw",
        "x 27 0:21 / /proc rw - proc proc rw",
        "22 27 0:21 / /p\\9x9 rw - proc proc rw"
      })
  void mountInfo_rejectsWhatItCannotRead(String line) {
    assertThatThrownBy(() -> MountInfo.parse(List.of(line)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("unexpected content of mountinfo");
  }

  @Test
  void cgroupMounts_hybrid() throws IOException {
    CgroupMounts mounts = CgroupMounts.of(MountInfo.self(HYBRID));

    assertThat(mounts.unified()).isEqualTo(Path.of("/sys/fs/cgroup/unified"));
    assertThat(mounts.v1())
        .containsEntry("freezer", Path.of("/sys/fs/cgroup/freezer"))
        .containsEntry("name=systemd", Path.of("/sys/fs/cgroup/systemd"))
        .hasSize(9);
    assertThat(mounts.isPureV2()).isFalse();
  }

  @Test
  void cgroupMounts_v2() throws IOException {
    CgroupMounts mounts = CgroupMounts.of(MountInfo.self(V2));
    assertThat(mounts.unified()).isEqualTo(Path.of("/sys/fs/cgroup"));
    assertThat(mounts.isPureV2()).isTrue();
  }

  @Test
  void cgroupMembership_keepsAColonInThePath() throws IOException {
    List<CgroupMembership> places = CgroupMembership.of(HYBRID, new Pid(4711));

    assertThat(places).contains(new CgroupMembership(4, List.of("memory"), "/podkit/a:b"));
    assertThat(places.stream().filter(CgroupMembership::isUnified))
        .containsExactly(new CgroupMembership(0, List.of(), "/"));
    assertThatThrownBy(() -> CgroupMembership.parse(List.of("0:/")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void procStat_findsTheEndOfACommandWithParentheses() throws IOException {
    ProcStat stat = ProcStat.of(HYBRID, new Pid(4711)).orElseThrow();

    assertThat(stat.command()).isEqualTo("a) S (b");
    assertThat(stat.pid()).isEqualTo(new Pid(650));
    assertThat(stat.state()).isEqualTo('S');
    assertThat(stat.parent()).isEqualTo(630);
    assertThat(stat.session()).isEqualTo(9772);
    assertThat(stat.startTime()).isEqualTo(301204);
    assertThatThrownBy(() -> ProcStat.parse("1 (x S 0")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ProcStat.parse("1 (x) S 0")).isInstanceOf(IOException.class);
  }

  @Test
  void procStatus_readsIdsPidsAndCapabilities() throws IOException {
    ProcStatus status = ProcStatus.of(HYBRID, new Pid(815)).orElseThrow();

    assertThat(status.uid()).isEqualTo(3);
    assertThat(status.gid()).isEqualTo(4);
    assertThat(status.namespacePids()).hasSize(2);
    assertThat(status.innermostPid()).isEqualTo(1);
    assertThat(status.threads()).isEqualTo(1);
    assertThat(status.tracer()).isZero();
    assertThat(status.hasCapability(24)).isFalse();
    assertThat(status.bounding()).isEqualTo(0x1ffffffffffL);
    assertThatThrownBy(() -> ProcStatus.parse("Name: x")).isInstanceOf(IOException.class);
  }

  @Test
  void memInfoAndCpuInfo() throws IOException {
    assertThat(MemInfo.read(HYBRID).total()).isEqualTo(24684084L * 1024);
    assertThatThrownBy(() -> MemInfo.parse("MemTotal: lots")).isInstanceOf(IOException.class);

    CpuInfo cpu = CpuInfo.read(HYBRID);
    assertThat(cpu.vendor()).isEqualTo("AuthenticAMD");
    assertThat(cpu.model()).isEqualTo("AMD EPYC");
    assertThat(cpu.count()).isEqualTo(2);
    assertThat(cpu.flags()).contains("avx512f", "sse2").doesNotContain("fpu_exception");
    assertThatThrownBy(() -> CpuInfo.parse("nothing")).isInstanceOf(IOException.class);
  }

  @Test
  void ownProcess_isFoundInTheRealProc() throws IOException {
    ProcessIdentity self = ProcessIdentity.of(REAL, Pid.self()).orElseThrow();

    assertThat(self.isRunning(REAL)).isTrue();
    assertThat(new ProcessIdentity(self.pid(), self.startTime() + 1).isRunning(REAL)).isFalse();
    assertThat(ProcStat.all(REAL)).extracting(ProcStat::pid).contains(Pid.self());
    assertThat(ProcStatus.of(REAL, Pid.self()).orElseThrow().innermostPid()).isPositive();
    assertThat(MountInfo.self(REAL).mounts()).isNotEmpty();
    assertThat(CgroupMembership.of(REAL, Pid.self())).isNotEmpty();
  }

  @Test
  void fileWatch_readsInotifyAndFanotifyMarks() {
    String fdinfo =
        """
        pos:	0
        flags:	02004000
        inotify wd:2 ino:7e9e sdev:80001a mask:800afce ignored_mask:0 fhandle-bytes:8 fhandle-type:1
        fanotify flags:10 event-flags:0
        fanotify mnt_id:12 mflags:0 mask:3b ignored_mask:40000000
        fanotify ino:4f969 sdev:800013 mflags:0 mask:3b ignored_mask:40000000 fhandle-bytes:8
        """;

    assertThat(FileWatch.parse(fdinfo))
        .containsExactly(
            new FileWatch(new Device(8, 26), 0x7e9e), new FileWatch(new Device(8, 19), 0x4f969));
  }

  @Test
  void missingProcess_isEmptyNotAnError() throws IOException {
    assertThat(ProcStat.of(HYBRID, new Pid(1))).isEmpty();
    assertThat(ProcStatus.of(HYBRID, new Pid(1))).isEmpty();
    assertThat(ProcessIdentity.of(HYBRID, new Pid(1))).isEmpty();
    assertThat(FileWatch.of(HYBRID, new Pid(1))).isEmpty();
  }
}
