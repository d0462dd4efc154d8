package io.podkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.procfs.MountEntry;
import io.podkit.procfs.MountInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real calls that need root. */
class JnrSyscallsIT {
  private static final Path PROC = Path.of("/proc");

  private final JnrSyscalls sys = JnrSyscalls.load();

  @TempDir Path directory;
  private Path target = Path.of("");

  @BeforeEach
  void mountTmpfs() throws Exception {
    target = Files.createDirectory(directory.resolve("a b"));
    Set<MountFlag> flags = Set.of(MountFlag.NO_SUID, MountFlag.NO_EXEC);
    sys.mount("tmpfs", target, "tmpfs", flags, "size=1m,mode=0700");
  }

  @AfterEach
  void unmountAll() throws Exception {
    for (MountEntry mount : MountInfo.self(PROC).under(directory)) {
      sys.umount2(mount.mountPoint(), Set.of(UnmountFlag.DETACH));
    }
  }

  @Test
  void mount_makesWhatWasAskedFor() throws Exception {
    MountEntry mount = MountInfo.self(PROC).at(target).orElseThrow();
    assertThat(mount.type()).isEqualTo("tmpfs");
    assertThat(mount.options()).contains("nosuid", "noexec").doesNotContain("nodev");
    assertThat(mount.superOptions()).contains("size=1024k");
    assertThat(sys.statfs(target).magic()).isEqualTo(FileSystemStat.TMPFS_MAGIC);
  }

  @Test
  void mount_bindsAndRemountsReadOnly() throws Exception {
    Path bound = Files.createDirectory(directory.resolve("bound"));
    sys.mount(target.toString(), bound, "", Set.of(MountFlag.BIND), "");
    Set<MountFlag> readOnly = Set.of(MountFlag.BIND, MountFlag.REMOUNT, MountFlag.READ_ONLY);
    sys.mount("", bound, "", readOnly, "");
    sys.mount("", bound, "", Set.of(MountFlag.PRIVATE), "");

    assertThat(MountInfo.self(PROC).at(bound).orElseThrow().readOnly()).isTrue();
    assertThatThrownBy(() -> sys.mkdir(PathAt.of(bound.resolve("x")), 0700))
        .hasMessageContaining("EROFS");
    sys.umount2(bound, Set.of());
    assertThat(MountInfo.self(PROC).at(bound)).isEmpty();
  }

  @Test
  void umount2_ofABusyMountIsEbusy() throws Exception {
    Fd inside = sys.openDirectory(PathAt.of(target));
    assertThatThrownBy(() -> sys.umount2(target, Set.of()))
        .hasMessage("umount2(" + target + "): EBUSY (Device or resource busy)");
    sys.umount2(target, Set.of(UnmountFlag.DETACH));
    inside.close();
    assertThatThrownBy(() -> sys.umount2(target, Set.of())).hasMessageContaining("EINVAL");
  }

  @Test
  void mknod_makesDevicesAndWhiteouts() throws Exception {
    try (Fd dir = sys.openDirectory(PathAt.of(target))) {
      Device big = new Device(0xabc, 0x12345);
      sys.mknod(PathAt.in(dir, "dev"), FileType.BLOCK_DEVICE, 0600, big);
      sys.mknod(PathAt.in(dir, "whiteout"), FileType.CHARACTER_DEVICE, 0, Device.NONE);

      FileStat stat = sys.lstat(PathAt.in(dir, "dev"));
      assertThat(stat.type()).isEqualTo(FileType.BLOCK_DEVICE);
      assertThat(stat.node()).isEqualTo(big);
      assertThat(sys.lstat(PathAt.in(dir, "whiteout")).node()).isEqualTo(Device.NONE);
    }
  }

  @Test
  void lchown_changesALinkItself() throws Exception {
    Path link = Files.createSymbolicLink(target.resolve("l"), Path.of("nowhere"));
    sys.lchown(PathAt.of(link), 33, 4_000_000_000L);
    FileStat stat = sys.lstat(PathAt.of(link));
    assertThat(stat.uid()).isEqualTo(33);
    assertThat(stat.gid()).isEqualTo(4_000_000_000L);
  }

  @Test
  void trustedXattrs_areVisible() throws Exception {
    PathAt at = PathAt.of(Files.createDirectory(target.resolve("d")));
    sys.lsetxattr(at, "trusted.overlay.opaque", "y".getBytes(StandardCharsets.US_ASCII));
    assertThat(sys.llistxattr(at)).isEqualTo(List.of("trusted.overlay.opaque"));
  }

  @Test
  void pidfd_killsExactlyItsProcess() throws Exception {
    SpawnSpec sleep = SpawnSpec.of(Path.of("/bin/sleep"), "60");
    try (SpawnedChild child = new PosixSpawner(sys).spawn(sleep);
        Fd pidfd = sys.pidfdOpen(child.pid())) {
      sys.pidfdSendSignal(pidfd, Signal.KILL);
      assertThat(sys.poll(pidfd, Set.of(PollEvent.IN), Duration.ofSeconds(10)))
          .contains(PollEvent.IN);
      child.close();
      assertThatThrownBy(() -> sys.pidfdSendSignal(pidfd, Signal.KILL))
          .hasMessageContaining("ESRCH");
      assertThatThrownBy(() -> sys.pidfdOpen(child.pid())).hasMessageContaining("ESRCH");
    }
  }

  @Test
  void windowSize_ofATerminalOfItsOwn() throws Exception {
    Set<OpenFlag> flags = Set.of(OpenFlag.READ_WRITE, OpenFlag.NO_CONTROLLING_TTY);
    try (Fd terminal = sys.open(PathAt.of(Path.of("/dev/ptmx")), flags, 0)) {
      assertThat(sys.isatty(terminal)).isTrue();
      sys.setWindowSize(terminal, new WindowSize(50, 132));
      assertThat(sys.windowSize(terminal)).isEqualTo(new WindowSize(50, 132));
    }
    try (FdPair pipe = sys.pipe()) {
      assertThat(sys.isatty(pipe.first())).isFalse();
      assertThatThrownBy(() -> sys.windowSize(pipe.first())).hasMessageContaining("ENOTTY");
    }
  }
}
