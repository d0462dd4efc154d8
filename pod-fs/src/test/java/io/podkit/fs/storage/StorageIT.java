package io.podkit.fs.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.fs.api.FileNeeds;
import io.podkit.fs.api.FileNeeds.XattrKind;
import io.podkit.fs.api.HostDirs;
import io.podkit.fs.api.HostStorage;
import io.podkit.fs.api.HostStorage.Unfit;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.testing.Disk;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.TestHost;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What real filesystems can keep, and what trees need. */
@NeedsRoot
class StorageIT {
  private static final FileNeeds ALL =
      new FileNeeds(
          100,
          1L << 30,
          255,
          Map.of(
              XattrKind.USER, 100L,
              XattrKind.TRUSTED, 1L,
              XattrKind.CAPABILITY, 20L,
              XattrKind.ACL, 44L));

  private TestHost host;

  @BeforeEach
  void start() throws Exception {
    host = new TestHost();
  }

  @AfterEach
  void end() throws Exception {
    host.close();
  }

  @Test
  void needs_areWhatTheTreeHas() throws Exception {
    Path tree = Files.createDirectories(host.scratch("tree"));
    Path file = Files.writeString(tree.resolve("a".repeat(200)), "x");
    Files.createLink(tree.resolve("link"), file);
    Files.createDirectory(tree.resolve("directory"));
    try (FileChannel sparse =
        FileChannel.open(
            tree.resolve("directory/sparse"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      sparse.position(1L << 40).write(java.nio.ByteBuffer.allocate(1));
    }
    host.sys().lsetxattr(host.at(file), "user.a", new byte[30]);
    host.sys().lsetxattr(host.at(file), "user.b", new byte[12]);
    host.sys().lsetxattr(host.at(tree), "trusted.overlay.opaque", new byte[1]);

    FileNeeds needs = host.files().storage().needs(List.of(tree));
    assertThat(needs)
        .isEqualTo(
            new FileNeeds(
                4, (1L << 40) + 1, 200, Map.of(XattrKind.USER, 42L, XattrKind.TRUSTED, 1L)));
  }

  @Test
  void ordinaryFilesystems_keepEverything() throws Exception {
    for (String[] mkfs :
        List.of(
            new String[] {"mkfs.ext4", "-q"},
            new String[] {"mkfs.xfs", "-q", "-f"},
            new String[] {"mkfs.btrfs", "-q", "-f"})) {
      try (Disk disk = Disk.make(host.scratch("."), 400L << 20, "", (Object[]) mkfs)) {
        assertThat(unfit(disk, ALL)).as(mkfs[0]).isEmpty();
        assertThat(disk.directory().resolve("root/trials")).isEmptyDirectory();
      }
    }
  }

  @Test
  void withoutAttributes_isFoundOut() throws Exception {
    try (Disk disk = Disk.inMemory(host.scratch("."), "ramfs", "")) {
      assertThat(unfit(disk, new FileNeeds(1, 0, 1, Map.of()))).isEmpty();
      assertThat(unfit(disk, ALL))
          .extracting(Unfit::cause)
          .contains(
              "its filesystem keeps no user.* attributes",
              "its filesystem keeps no access control list attributes");
    }
  }

  @Test
  void withoutAccessControlLists_isFoundOut() throws Exception {
    try (Disk disk = Disk.make(host.scratch("."), 256L << 20, "noacl", "mkfs.btrfs", "-q", "-f")) {
      assertThat(unfit(disk, ALL))
          .extracting(Unfit::cause)
          .containsExactly("its filesystem keeps no access control list attributes");
    }
  }

  @Test
  void attributesBeyondABlock_areTooManyForExt4() throws Exception {
    FileNeeds needs = new FileNeeds(1, 0, 1, Map.of(XattrKind.USER, 20_000L));
    try (Disk disk = Disk.make(host.scratch("."), 64L << 20, "", "mkfs.ext4", "-q")) {
      assertThat(unfit(disk, needs))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.cause()).contains("20000 bytes of user.*");
                assertThat(one.cure()).isNotBlank();
              });
    }
    try (Disk disk = Disk.make(host.scratch("."), 400L << 20, "", "mkfs.xfs", "-q", "-f")) {
      assertThat(unfit(disk, needs)).isEmpty();
    }
  }

  @Test
  void fileBeyondTheFilesystemsLimit_isFoundOut() throws Exception {
    FileNeeds needs = new FileNeeds(1, 17L << 40, 1, Map.of());
    try (Disk disk = Disk.make(host.scratch("."), 64L << 20, "", "mkfs.ext4", "-q")) {
      assertThat(unfit(disk, needs)).extracting(Unfit::subject).containsExactly("file size");
    }
    try (Disk disk = Disk.make(host.scratch("."), 400L << 20, "", "mkfs.xfs", "-q", "-f")) {
      assertThat(unfit(disk, needs)).isEmpty();
    }
  }

  @Test
  void tooFewInodes_areFoundOut() throws Exception {
    try (Disk disk = Disk.inMemory(host.scratch("."), "tmpfs", "size=64m,nr_inodes=50")) {
      assertThat(unfit(disk, ALL)).extracting(Unfit::subject).contains("inodes");
    }
  }

  private List<Unfit> unfit(Disk disk, FileNeeds needs) throws Exception {
    HostDirs dirs = new HostDirs(disk.directory().resolve("root"), host.scratch("run2"));
    HostStorage storage = PodFileSystem.open(dirs, host.scratch("pod-init")).storage();
    return storage.unfit(needs);
  }
}
