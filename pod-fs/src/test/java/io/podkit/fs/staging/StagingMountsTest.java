package io.podkit.fs.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.Lower;
import io.podkit.fs.api.StagingName;
import io.podkit.fs.api.StagingSpec;
import io.podkit.fs.layer.FileLayerStore;
import io.podkit.linux.Errno;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.RecordingSyscalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whichever step of mounting fails, everything before it is taken back. */
class StagingMountsTest {
  private static final StagingName WEB = new StagingName("web");

  @TempDir Path directory;

  private final RecordingSyscalls recorded = new RecordingSyscalls();
  private StagingPaths paths;
  private StagingSpec spec;
  private StagingMounts mounts;

  @BeforeEach
  void prepare() throws Exception {
    HostDirs dirs = new HostDirs(directory.resolve("root"), directory.resolve("run"));
    paths = StagingPaths.of(dirs, WEB);
    Files.createDirectories(paths.upper());
    Files.createDirectories(paths.work());
    Path lower = Files.createDirectory(directory.resolve("lower"));
    spec = StagingSpec.of(WEB, new Lower.HostDirectory(lower));
    FileLayerStore layers =
        new FileLayerStore(recorded::syscalls, dirs, Path.of("/proc"), Path.of("pod-init"));
    mounts = new StagingMounts(recorded.syscalls(), layers, Path.of("/pod-init"));
    recorded.always("umount2", this::notMounted);
  }

  private Object notMounted(Object[] arguments) throws ErrnoException {
    throw new ErrnoException(Errno.EINVAL, "umount2", String.valueOf(arguments[0]));
  }

  @Test
  void steps_areInOrder() throws Exception {
    mounts.mountDevices(spec, paths);
    assertThat(recorded.calls("mount"))
        .containsExactly(
            "mount(tmpfs, "
                + paths.dev()
                + ", tmpfs, [NO_EXEC, NO_SUID], mode=755,size=64m,nr_inodes=4096)",
            "mount(none, " + paths.dev() + ", , [PRIVATE], )",
            "mount(tmpfs, "
                + paths.shm()
                + ", tmpfs, [NO_DEV, NO_EXEC, NO_SUID], mode=1777,size=67108864)",
            "mount(none, " + paths.shm() + ", , [PRIVATE], )");
    assertThat(recorded.calls("mknod")).hasSize(6);
  }

  @Test
  void failureAtAnyStep_unmountsAndRemovesTheMountPoints() {
    for (int failing = 0; failing < 4; failing++) {
      int before = recorded.calls().size();
      for (int i = 0; i < failing; i++) {
        recorded.once("mount", arguments -> 0);
      }
      recorded.fail("mount", Errno.ENOMEM);
      assertThatThrownBy(() -> mounts.mountDevices(spec, paths))
          .isInstanceOf(PodkitException.class)
          .hasMessageContaining("ENOMEM");
      List<String> calls = recorded.calls().subList(before, recorded.calls().size());
      int failed = lastIndex(calls, "mount(");
      for (Path point : List.of(paths.root(), paths.dev(), paths.shm())) {
        assertThat(calls.subList(failed, calls.size()))
            .contains("umount2(" + point + ", [NO_FOLLOW])");
      }
      assertThat(paths.mounts()).doesNotExist();
    }
  }

  @Test
  void busyMount_isDetached() throws Exception {
    recorded.fail("umount2", Errno.EBUSY);
    mounts.unmount(WEB, paths);
    assertThat(recorded.calls("umount2"))
        .contains("umount2(" + paths.root() + ", [DETACH, NO_FOLLOW])");
  }

  @Test
  void unmountThatFails_doesNotKeepTheOthersFromBeingUnmounted() {
    recorded.fail("umount2", Errno.EPERM);
    assertThatThrownBy(() -> mounts.unmount(WEB, paths)).hasMessageContaining("EPERM");
    assertThat(recorded.calls("umount2")).hasSize(3);
  }

  private static int lastIndex(List<String> calls, String prefix) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      if (calls.get(i).startsWith(prefix)) {
        return i;
      }
    }
    return -1;
  }
}
