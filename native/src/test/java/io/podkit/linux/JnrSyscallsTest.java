package io.podkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real calls, as far as they need no root. */
class JnrSyscallsTest {
  private final Syscalls sys = JnrSyscalls.load();

  @TempDir Path directory;

  @Test
  void failure_carriesErrnoCallAndSubject() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> sys.lstat(PathAt.of(missing)))
        .isInstanceOf(ErrnoException.class)
        .hasMessage("statx(" + missing + "): ENOENT (No such file or directory)");
  }

  @Test
  void errno_isThatOfTheCallingThread() throws Exception {
    Thread other =
        new Thread(() -> assertThatThrownBy(() -> sys.lstat(PathAt.of(Path.of("/none")))));
    try (Fd file = create("f")) {
      assertThatThrownBy(() -> sys.openDirectory(PathAt.of(directory.resolve("f"))))
          .satisfies(e -> assertThat(((ErrnoException) e).errno()).isEqualTo(Errno.ENOTDIR));
      other.start();
      other.join();
      assertThat(file.isOpen()).isTrue();
    }
  }

  @Test
  void lstat_agreesWithTheJdk() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "hello");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    FileStat stat = sys.lstat(PathAt.of(file));

    assertThat(stat.inode()).isEqualTo(Files.getAttribute(file, "unix:ino"));
    assertThat(stat.mode()).isEqualTo(Files.getAttribute(file, "unix:mode"));
    assertThat(stat.device().encoded()).isEqualTo(Files.getAttribute(file, "unix:dev"));
    assertThat(stat.modified()).isEqualTo(Files.getLastModifiedTime(file).toInstant());
    assertThat(stat.size()).isEqualTo(5);
    assertThat(stat.links()).isEqualTo(1);
    assertThat(stat.permissions()).isEqualTo(0640);
    assertThat(sys.lstat(PathAt.of(Path.of("/dev/null"))).node()).isEqualTo(new Device(1, 3));
  }

  @Test
  void utimensat_setsNanosecondsAndOmitsNull() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "");
    Instant then = Instant.parse("2001-02-03T04:05:06.123456789Z");
    sys.utimensat(PathAt.of(file), null, then);
    FileStat stat = sys.lstat(PathAt.of(file));

    assertThat(stat.modified()).isEqualTo(then);
    assertThat(stat.accessed()).isNotEqualTo(then);
  }

  @Test
  void tryLock_isRespectedByAnotherOpenOfTheFile() throws Exception {
    try (Fd first = create("lock");
        Fd second = sys.open(PathAt.of(directory.resolve("lock")), Set.of(), 0)) {
      assertThat(sys.tryLock(first, false)).isTrue();
      assertThat(sys.tryLock(second, false)).isTrue();
      assertThat(sys.tryLock(second, true)).isFalse();
      sys.unlock(first);
      assertThat(sys.tryLock(second, true)).isTrue();
    }
  }

  @Test
  void names_areBytes() throws Exception {
    byte[] name = {'n', (byte) 0xff, (byte) 0xfe};
    try (Fd dir = sys.openDirectory(PathAt.of(directory))) {
      sys.mkfifo(PathAt.in(dir, name), 0600);
      assertThat(sys.readDirectory(dir)).containsExactly(name);
      assertThat(sys.lstat(PathAt.in(dir, name)).type()).isEqualTo(FileType.FIFO);
      sys.syncfs(dir);
    }
  }

  @Test
  void openat2_doesNotLeaveTheDirectory() throws Exception {
    Path out = Files.createSymbolicLink(directory.resolve("out"), Path.of("/etc"));
    try (Fd dir = sys.openDirectory(PathAt.of(directory))) {
      for (String path : List.of("../x", "out/passwd", "/etc/passwd")) {
        assertThatThrownBy(
                () ->
                    sys.openat2(
                        PathAt.in(dir, path),
                        Set.of(OpenFlag.READ),
                        0,
                        Set.of(ResolveFlag.BENEATH)))
            .satisfies(e -> assertThat(((ErrnoException) e).errno()).isEqualTo(Errno.EXDEV));
      }
    }
    Files.delete(out);
  }

  @Test
  void namesInADirectory_makeLinkRenameReadAndRemove() throws Exception {
    try (Fd dir = sys.openDirectory(PathAt.of(directory))) {
      assertThat(sys.mkdir(PathAt.in(dir, "d"), 0700)).isTrue();
      assertThat(sys.mkdir(PathAt.in(dir, "d"), 0700)).isFalse();
      sys.mkfifo(PathAt.in(dir, "fifo"), 0600);
      sys.symlink(bytes("nowhere"), PathAt.in(dir, "link"));
      sys.link(PathAt.in(dir, "fifo"), PathAt.in(dir, "hard"));
      sys.renameat2(PathAt.in(dir, "link"), PathAt.in(dir, "moved"), Set.of());

      assertThat(names(dir)).containsExactlyInAnyOrder("d", "fifo", "hard", "moved");
      assertThat(sys.readlink(PathAt.in(dir, "moved"))).isEqualTo(bytes("nowhere"));
      assertThat(sys.lstat(PathAt.in(dir, "fifo")).type()).isEqualTo(FileType.FIFO);
      assertThat(sys.lstat(PathAt.in(dir, "hard")).links()).isEqualTo(2);
      assertThatThrownBy(
              () ->
                  sys.renameat2(
                      PathAt.in(dir, "moved"),
                      PathAt.in(dir, "hard"),
                      Set.of(RenameFlag.NO_REPLACE)))
          .hasMessageContaining("EEXIST");
      sys.unlink(PathAt.in(dir, "fifo"));
      sys.rmdir(PathAt.in(dir, "d"));
    }
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("hard", "moved");
  }

  @Test
  void names_keepBytesThatAreNoText() throws Exception {
    byte[] odd = {'a', (byte) 0xff, (byte) 0xfe, 'b'};
    Path made;
    try (Fd dir = sys.openDirectory(PathAt.of(directory))) {
      sys.symlink(odd, PathAt.in(dir, "link"));
      Path target = Files.readSymbolicLink(directory.resolve("link"));
      assertThat(PathBytes.of(target)).isEqualTo(odd);
      made = directory.resolve(target);
      sys.mkfifo(PathAt.in(dir, target), 0600);
      sys.unlink(PathAt.in(dir, "link"));
    }
    try (Fd dir = sys.openDirectory(PathAt.of(directory))) {
      assertThat(sys.readDirectory(dir)).containsExactly(odd);
    }
    assertThat(sys.lstat(PathAt.of(made)).type()).isEqualTo(FileType.FIFO);
  }

  @Test
  void chmod_ignoresTheUmaskAndRefusesALink() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "");
    Path link = Files.createSymbolicLink(directory.resolve("l"), file);
    sys.chmod(PathAt.of(file), 06777);

    assertThat(sys.lstat(PathAt.of(file)).permissions()).isEqualTo(06777);
    assertThatThrownBy(() -> sys.chmod(PathAt.of(link), 0600)).hasMessageContaining("EOPNOTSUPP");
  }

  @Test
  void xattrs_setListGetRemove() throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "");
    try (Fd dir = sys.openDirectory(PathAt.of(directory))) {
      PathAt at = PathAt.in(dir, "f");
      sys.lsetxattr(at, "user.one", bytes("1"));
      sys.lsetxattr(at, "user.empty", new byte[0]);

      assertThat(sys.llistxattr(PathAt.of(file)))
          .containsExactlyInAnyOrder("user.one", "user.empty");
      assertThat(sys.lgetxattr(at, "user.one")).isEqualTo(bytes("1"));
      assertThat(sys.lgetxattr(at, "user.empty")).isEmpty();
      sys.lremovexattr(at, "user.one");
      assertThatThrownBy(() -> sys.lgetxattr(at, "user.one")).hasMessageContaining("ENODATA");
    }
  }

  @Test
  void readAndWrite_useThePositionOfADirectBuffer() throws Exception {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16);
    buffer.put(bytes("..hello")).flip().position(2);
    try (FdPair pipe = sys.pipe()) {
      assertThat(sys.write(pipe.second(), buffer)).isEqualTo(5);
      assertThat(buffer.hasRemaining()).isFalse();
      buffer.clear().position(4);
      assertThat(sys.read(pipe.first(), buffer)).isEqualTo(5);
      assertThat(text(buffer.flip().position(4))).isEqualTo("hello");
      pipe.second().close();
      assertThat(sys.read(pipe.first(), buffer.clear())).isEqualTo(-1);
    }
    assertThatThrownBy(() -> sys.read(sys.standard(0), ByteBuffer.allocate(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void holes_areFoundAndPunched() throws Exception {
    try (Fd file = create("sparse")) {
      sys.ftruncate(file, 1 << 20);
      assertThat(sys.seekData(file, 0)).isEmpty();
      sys.pwrite(file, ByteBuffer.allocateDirect(4096), 64 * 4096);
      assertThat(sys.seekData(file, 0)).hasValue(64 * 4096);
      assertThat(sys.seekHole(file, 64 * 4096)).isEqualTo(65 * 4096);
      sys.punchHole(file, 64 * 4096, 4096);
      assertThat(sys.seekData(file, 0)).isEmpty();
      assertThat(sys.fstat(file).size()).isEqualTo(1 << 20);
    }
  }

  @Test
  void poll_timesOutAndReportsReadiness() throws Exception {
    try (FdPair pair = sys.socketpairSeqpacket()) {
      Set<PollEvent> in = EnumSet.of(PollEvent.IN);
      assertThat(sys.poll(pair.first(), in, Duration.ofMillis(10))).isEmpty();
      sys.write(pair.second(), ByteBuffer.allocateDirect(3));
      assertThat(sys.poll(pair.first(), in, Duration.ofSeconds(5))).containsExactly(PollEvent.IN);
      pair.second().close();
      sys.read(pair.first(), ByteBuffer.allocateDirect(8));
      assertThat(sys.poll(pair.first(), in, Duration.ofSeconds(5))).contains(PollEvent.HANG_UP);
    }
  }

  @Test
  void shutdownWrite_endsTheOthersReadingAndTellsWhenItCloses() throws Exception {
    try (FdPair pair = sys.socketpairSeqpacket();
        Fd copy = sys.duplicate(pair.first(), 0)) {
      sys.shutdownWrite(pair.first());
      assertThat(sys.read(pair.second(), ByteBuffer.allocateDirect(1))).isEqualTo(-1);
      sys.write(pair.second(), ByteBuffer.allocateDirect(1));
      assertThat(sys.poll(copy, Set.of(), Duration.ofMillis(10))).isEmpty();
      pair.second().close();
      assertThat(sys.poll(copy, Set.of(), Duration.ofSeconds(5))).contains(PollEvent.HANG_UP);
    }
  }

  @Test
  void statfs_knowsProc() throws Exception {
    assertThat(sys.statfs(Path.of("/proc")).magic()).isEqualTo(0x9fa0);
    assertThat(sys.statfs(directory).blocks()).isPositive();
  }

  @Test
  void mount_refusesDataThatTheKernelWouldCut() {
    String data = "x".repeat(4096);
    assertThatThrownBy(() -> sys.mount("tmpfs", directory, "tmpfs", Set.of(), data))
        .hasMessageContaining("E2BIG");
  }

  @Test
  void fd_closesOnceAndIsDeadAfterwards() throws Exception {
    Fd fd = create("f");
    fd.close();
    fd.close();
    assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> sys.fsync(fd)).isInstanceOf(IllegalStateException.class);
  }

  private Fd create(String name) throws ErrnoException {
    Set<OpenFlag> flags = Set.of(OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE);
    return sys.open(PathAt.of(directory.resolve(name)), flags, 0600);
  }

  private List<String> names(Fd dir) throws ErrnoException {
    return sys.readDirectory(dir).stream().map(b -> new String(b, StandardCharsets.UTF_8)).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer).toString();
  }
}
