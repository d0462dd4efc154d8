package io.podkit.fs.tree;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.MappedFiles;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreePass;
import io.podkit.fs.api.TreeSource;
import io.podkit.fs.api.TreeTarget;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.TreeListing;
import io.podkit.fs.watch.Watches;
import io.podkit.linux.Device;
import io.podkit.linux.Fd;
import io.podkit.linux.FileType;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tree copied in passes, compared entry by entry. */
@NeedsRoot
class TreeCopyIT {
  private static final Instant THEN = Instant.parse("2001-02-03T04:05:06.123456789Z");

  private final Syscalls sys = JnrSyscalls.load();
  private final KernelTrees trees =
      new KernelTrees(sys, Clock.systemUTC(), new Watches(sys, "6.5"));
  private Path work = Path.of("unset");
  private Path from = Path.of("unset");
  private Path to = Path.of("unset");

  @BeforeEach
  void makeDirectories() throws Exception {
    work = Files.createTempDirectory("podkit-tree");
    from = Files.createDirectory(work.resolve("from"));
    to = Files.createDirectory(work.resolve("to"));
  }

  @AfterEach
  void removeDirectories() throws Exception {
    new TreeRemover(sys).remove(work);
  }

  @Test
  void everythingThatTheKernelKnows_isCopied() throws Exception {
    makeRichTree();
    copyOnce();
    assertThat(listing(to)).isEqualTo(listing(from));
  }

  @Test
  void secondPass_sendsOnlyWhatChanged() throws Exception {
    makeRichTree();
    Files.writeString(from.resolve("stays"), "the same");
    settle();
    try (TreeSource source = trees.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      pass(source, target, false);
      settle();

      Files.writeString(from.resolve("d/grows"), "more", StandardOpenOption.APPEND);
      Files.delete(from.resolve("d/linked"));
      Files.delete(from.resolve("link"));
      Files.createDirectory(from.resolve("link"));
      Files.writeString(from.resolve("link/new"), "new");
      sys.chmod(at("stays"), 0600);
      Files.createLink(from.resolve("another"), from.resolve("stays"));
      Files.move(from.resolve("d"), from.resolve("e"));
      TreePass last = pass(source, target, true);

      assertThat(listing(to)).isEqualTo(listing(from));
      assertThat(last.deleted()).isEqualTo(2); // the directory that moved, the link
      assertThat(last.metadata()).isEqualTo(2); // the root and "stays"
    }
  }

  @Test
  void unchangedTree_costsNothingInTheLastPass() throws Exception {
    makeRichTree();
    settle();
    try (TreeSource source = trees.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      pass(source, target, false);
      TreePass last = pass(source, target, true);
      assertThat(last.changed() + last.metadata() + last.deleted()).isZero();
      assertThat(last.bytes()).isLessThan(32);
    }
  }

  @Test
  void sameSizeAndTimeButOtherContent_isNoticed() throws Exception {
    Path file = Files.writeString(from.resolve("f"), "one");
    sys.utimensat(PathAt.of(file), THEN, THEN);
    settle();
    try (TreeSource source = trees.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      pass(source, target, false);
      Files.writeString(file, "two");
      sys.utimensat(PathAt.of(file), THEN, THEN);
      pass(source, target, true);
      assertThat(to.resolve("f")).hasContent("two");
      assertThat(listing(to)).isEqualTo(listing(from));
    }
  }

  @Test
  void storesThroughAMapping_areNoticedAfterTheFirstPass() throws Exception {
    Path file = Files.write(from.resolve("mapped"), new byte[8192]);
    try (var channel =
        java.nio.channels.FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var map = channel.map(java.nio.channels.FileChannel.MapMode.READ_WRITE, 0, 8192);
      map.put(0, (byte) 1); // the page is dirty and writable before the first pass
      settle();
      try (TreeSource source = trees.source(from, TreeKind.UPPER);
          TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
        pass(source, target, false);
        settle();
        map.put(1, (byte) 2);
        pass(source, target, true);
      }
    }
    assertThat(to.resolve("mapped")).hasSameBinaryContentAs(file);
    assertThat(Files.readAllBytes(to.resolve("mapped"))).startsWith(1, 2);
  }

  @Test
  void defaultAccessList_doesNotLeakIntoWhatIsCreatedLater() throws Exception {
    Path open = Files.createDirectory(from.resolve("open"));
    Files.writeString(open.resolve("plain"), "x");
    // version 2; user::rwx, user:33:rwx, group::r-x, mask::rwx, other::r-x
    byte[] acl = {
      2, 0, 0, 0, 1, 0, 7, 0, -1, -1, -1, -1, 2, 0, 7, 0, 33, 0, 0, 0, 4, 0, 5, 0, -1, -1, -1, -1,
      16, 0, 7, 0, -1, -1, -1, -1, 32, 0, 5, 0, -1, -1, -1, -1
    };
    sys.lsetxattr(PathAt.of(open), "system.posix_acl_default", acl);
    copyOnce();
    assertThat(listing(to)).isEqualTo(listing(from));
  }

  @Test
  void deviceNodes_areRefusedOnBothSides() throws Exception {
    sys.mknod(at("null"), FileType.CHARACTER_DEVICE, 0600, new Device(1, 3));
    assertThatThrownBy(this::copyOnce)
        .hasMessageContaining("null is a device node")
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(ErrorKind.UNSUPPORTED));

    ByteArrayOutputStream hostile = new ByteArrayOutputStream();
    StreamWriter out = new StreamWriter(hostile, TreeKind.DEV);
    out.special("mem", attributes(), FileType.CHARACTER_DEVICE, new Device(1, 1));
    out.end();
    try (TreeTarget target = trees.target(to, TreeKind.DEV, TreeLimits.STANDARD)) {
      assertThatThrownBy(() -> target.apply(new ByteArrayInputStream(hostile.toByteArray())))
          .hasMessageContaining("sent device node 1:1");
    }
    assertThat(to).isEmptyDirectory();
  }

  @Test
  void fileThatVanishesDuringAPass_isDeletedByTheNext() throws Exception {
    Path victim = Files.writeString(from.resolve("victim"), "first");
    AtomicBoolean armed = new AtomicBoolean();
    KernelTrees spied =
        new KernelTrees(
            spy("openat2", arguments -> deleteIf(armed, arguments[0], victim)),
            Clock.systemUTC(),
            new Watches(sys, ""));
    try (TreeSource source = spied.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      pass(source, target, false);
      Files.writeString(victim, "changed");
      armed.set(true);
      pass(source, target, false);
      assertThat(victim).doesNotExist();
      assertThat(to.resolve("victim")).exists();
      pass(source, target, true);
    }
    assertThat(to).isEmptyDirectory();
  }

  private interface Before {
    void call(Object[] arguments) throws Exception;
  }

  private static void deleteIf(AtomicBoolean armed, Object at, Path file) throws Exception {
    if (at.toString().endsWith("/" + file.getFileName()) && armed.getAndSet(false)) {
      Files.delete(file);
    }
  }

  /** The real calls, of which one does something else first. */
  private Syscalls spy(String method, Before before) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (self, called, arguments) -> {
              if (called.getName().equals(method)) {
                before.call(arguments);
              }
              try {
                return called.invoke(sys, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void liveTree_endsEqualAfterTheLastPass() throws Exception {
    makeRichTree();
    try (TreeSource source = trees.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      try (Churn churn = Churn.start(from)) {
        for (int i = 0; i < 15; i++) {
          pass(source, target, false);
        }
        assertThat(churn.rounds()).isPositive();
      }
      pass(source, target, true);
    }
    assertThat(listing(to)).isEqualTo(listing(from));
  }

  /**
   * Enough of them to be read ahead of their turn: some have grown, shrunk or gone when it comes.
   */
  @Test
  void manySmallFilesThatChange_endEqualAfterTheLastPass() throws Exception {
    for (int i = 0; i < 300; i++) {
      Files.writeString(from.resolve("f" + i), "file " + i);
    }
    AtomicBoolean over = new AtomicBoolean();
    Random random = new Random(42);
    Thread churn =
        new Thread(
            () -> {
              while (!over.get()) {
                change(from.resolve("f" + random.nextInt(300)), random.nextInt(4));
              }
            });
    try (TreeSource source = trees.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      churn.start();
      try {
        for (int i = 0; i < 15; i++) {
          pass(source, target, false);
        }
      } finally {
        over.set(true);
        churn.join();
      }
      pass(source, target, true);
    }
    assertThat(listing(to)).isEqualTo(listing(from));
  }

  private static void change(Path file, int how) {
    try {
      switch (how) {
        case 0 -> Files.deleteIfExists(file);
        case 1 -> Files.write(file, new byte[200 * 1024]);
        case 2 -> Files.writeString(file, "small again");
        default -> Files.writeString(file, "more", CREATE, APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Attributes attributes() {
    return new Attributes(0777, 0, 0, THEN, THEN, Map.of());
  }

  private void copyOnce() throws Exception {
    try (TreeSource source = trees.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      pass(source, target, true);
      target.sync();
    }
  }

  /** What the passes are told; unless more, they search the tree. */
  MappedFiles mapped() {
    return MappedFiles.UNKNOWN;
  }

  private TreePass pass(TreeSource source, TreeTarget target, boolean last) throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    TreePass pass = last ? source.lastPass(stream, mapped()) : source.pass(stream, mapped());
    target.apply(new ByteArrayInputStream(stream.toByteArray()));
    return pass;
  }

  /** Lets every inode become older than the margin within which it counts as changed. */
  private static void settle() throws InterruptedException {
    Thread.sleep(TreeDelta.CLOCK_MARGIN.toMillis() + 50);
  }

  private void makeRichTree() throws Exception {
    Files.createDirectories(from.resolve("d/deep/er"));
    Files.writeString(from.resolve("d/grows"), "content");
    Files.createLink(from.resolve("d/linked"), from.resolve("d/grows"));
    Files.createLink(from.resolve("first-name"), from.resolve("d/grows"));
    Files.createSymbolicLink(from.resolve("link"), Path.of("../../etc/passwd"));
    Files.createLink(from.resolve("link-too"), from.resolve("link"));
    sys.mkfifo(at("fifo"), 0640);
    sys.mknod(at("socket"), FileType.SOCKET, 0777, Device.NONE);
    sys.mknod(at("d/whiteout"), FileType.CHARACTER_DEVICE, 0, Device.NONE);
    sys.lsetxattr(at("d/deep"), "trusted.overlay.opaque", bytes("y"));
    sys.lsetxattr(at("d/deep"), "trusted.overlay.origin", bytes("of this host"));
    sys.lsetxattr(at("d/grows"), "user.note", bytes("a note"));
    byte[] netRaw = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    Files.writeString(from.resolve("ping"), "#!");
    sys.lchown(at("ping"), 33, 44);
    sys.chmod(at("ping"), 06755);
    sys.lsetxattr(at("ping"), "security.capability", netRaw);
    sys.lchown(at("link"), 5, 6);
    sys.lchown(at("d"), 33, 33);
    sys.chmod(at("d"), 03775);
    sparse("sparse", 10 << 20, 4 << 20);
    sparse("all-hole", 1 << 20, -1);
    sparse("hole-at-end", 1 << 20, 0);
    Files.write(from.resolve("big"), new byte[3_000_001]);
    try (Fd fd = sys.openDirectory(PathAt.of(from))) {
      sys.mkfifo(PathAt.in(fd, new byte[] {'b', 'a', 'd', (byte) 0xff, '\n'}), 0600);
    }
    Files.writeString(from.resolve("x".repeat(255)), "long name");
    for (String path : new String[] {"d/grows", "link", "fifo", "d/deep", "d", "."}) {
      sys.utimensat(at(path), THEN, THEN);
    }
  }

  private void sparse(String name, long size, long dataAt) throws Exception {
    try (Fd file = sys.open(at(name), Set.of(OpenFlag.WRITE, OpenFlag.CREATE), 0644)) {
      sys.ftruncate(file, size);
      if (dataAt >= 0) {
        ByteBuffer data = ByteBuffer.allocateDirect(5);
        data.put(bytes("hello")).flip();
        sys.pwrite(file, data, dataAt);
      }
    }
  }

  private PathAt at(String name) {
    return PathAt.of(from.resolve(name));
  }

  private Map<String, String> listing(Path directory) throws Exception {
    return TreeListing.of(sys, directory);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
