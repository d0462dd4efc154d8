package io.podkit.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.MountFlag;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import io.podkit.linux.UnmountFlag;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes after the first look at and send, where the kernel tells what changed. */
@NeedsRoot
class TreePassesIT {
  private static final int SEEDS = 12;
  private static final int ROUNDS = 4;
  private static final int STEPS = 60;

  private final Syscalls sys = JnrSyscalls.load();
  private final KernelTrees trees =
      new KernelTrees(
          sys, Clock.systemUTC(), new Watches(sys, System.getProperty("os.version", "")));
  private Path work = Path.of("unset");
  private Path from = Path.of("unset");
  private Path to = Path.of("unset");

  @BeforeEach
  void makeDirectories() throws Exception {
    work = Files.createTempDirectory("podkit-passes");
    from = Files.createDirectory(work.resolve("from"));
    to = Files.createDirectory(work.resolve("to"));
  }

  @AfterEach
  void removeDirectories() throws Exception {
    new TreeRemover(sys).remove(work);
  }

  @Test
  void laterPass_looksOnlyAtWhatChanged() throws Exception {
    for (int i = 0; i < 300; i++) {
      Files.writeString(Files.createDirectories(from.resolve("d" + i % 10)).resolve("f" + i), "x");
    }
    try (TreeSource source = source();
        TreeTarget target = target()) {
      pass(source, target, false);
      Files.writeString(from.resolve("d3/f3"), "changed");
      Files.move(from.resolve("d4"), from.resolve("moved"));
      Files.writeString(from.resolve("moved/new"), "in what was moved");
      Files.delete(from.resolve("d5/f5"));
      TreePass last = pass(source, target, true);
      // Two directories, two files in them, the root, and all that was moved.
      assertThat(last.scanned()).isLessThan(45);
      assertEqual();
    }
  }

  @Test
  void largeFileChangedInPlace_travelsByItsBlocks() throws Exception {
    Path file = Files.write(from.resolve("large"), noise(16 << 20));
    Files.createLink(from.resolve("linked"), file);
    try (TreeSource source = source();
        TreeTarget target = target()) {
      pass(source, target, false);
      for (int block = 0; block < 4096; block += 100) {
        write(file, block * 4096L + 17, new byte[] {1, 2, 3});
      }
      TreePass last = pass(source, target, true);
      assertThat(last.bytes()).isBetween(41 * 4096L, 42 * 4096L);
      assertEqual();
    }
  }

  @Test
  void holesGrowthAndTruncation_areRight() throws Exception {
    for (String name : List.of("punched", "cut", "grown", "cut-and-grown", "appended")) {
      Files.write(from.resolve(name), noise(3 << 20));
    }
    try (TreeSource source = source();
        TreeTarget target = target()) {
      pass(source, target, false);
      try (Fd file = open("punched")) {
        sys.punchHole(file, 8192, 2 << 20);
      }
      resize("cut", 1_234_567);
      resize("grown", 20 << 20);
      resize("cut-and-grown", 5000);
      resize("cut-and-grown", 3 << 20);
      write(from.resolve("appended"), 3 << 20, noise(10_000));
      TreePass last = pass(source, target, true);
      assertThat(last.bytes()).isLessThan(40_000);
      assertEqual();
    }
  }

  @Test
  void storesThroughAMapping_areSentWhenItIsToldOrGone() throws Exception {
    Path kept = Files.write(from.resolve("kept"), noise(1 << 20));
    Path gone = Files.write(from.resolve("gone"), noise(1 << 20));
    MappedFiles mapped = new MappedFiles(List.of(bytes("kept"), bytes("gone")), true);
    try (TreeSource source = source();
        TreeTarget target = target();
        Mapping keeping = new Mapping(kept);
        Mapping going = new Mapping(gone)) {
      keeping.put(5);
      going.put(5);
      pass(source, target, false, mapped);
      for (int round = 0; round < 3; round++) {
        keeping.put(7 + round);
        going.put(7 + round);
        pass(source, target, false, mapped);
      }
      keeping.put(100);
      going.put(100);
      going.close();
      pass(source, target, true, new MappedFiles(List.of(bytes("kept")), true));
      assertEqual();
    }
  }

  /** The property: whatever was done between the passes, in the end the trees are equal. */
  @Test
  void randomChanges_endEqual() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      randomChanges(from, seed, TreeKind.PLAIN);
    }
  }

  @Test
  void randomChangesThroughAnOverlay_endEqual() throws Exception {
    Path lower = Files.createDirectory(work.resolve("lower"));
    Path root = Files.createDirectory(work.resolve("root"));
    Path overlayWork = Files.createDirectory(work.resolve("work"));
    new RandomChanges(sys, lower, 99).make(STEPS);
    String options =
        "lowerdir=" + lower + ",upperdir=" + from + ",workdir=" + overlayWork + ",xino=on";
    sys.mount("overlay", root, "overlay", Set.of(MountFlag.NO_DEV), options);
    try {
      for (long seed = 0; seed < SEEDS; seed++) {
        randomChanges(root, seed, TreeKind.UPPER);
      }
    } finally {
      sys.umount2(root, Set.of(UnmountFlag.DETACH));
    }
  }

  private void randomChanges(Path written, long seed, TreeKind kind) throws Exception {
    new TreeRemover(sys).remove(to);
    Files.createDirectory(to);
    RandomChanges changes = new RandomChanges(sys, written, seed);
    changes.make(STEPS);
    try (TreeSource source = trees.source(from, kind);
        TreeTarget target = trees.target(to, kind, TreeLimits.STANDARD)) {
      long looked = 0;
      for (int round = 0; round < ROUNDS; round++) {
        looked += pass(source, target, round == ROUNDS - 1).scanned();
        if (round < ROUNDS - 1) {
          assertThat(changes.make(STEPS / 4)).isPositive();
        }
      }
      assertThat(looked).isPositive();
    }
    assertThat(TreeListing.of(sys, to)).as("seed %d", seed).isEqualTo(TreeListing.of(sys, from));
  }

  private void assertEqual() throws Exception {
    assertThat(TreeListing.of(sys, to)).isEqualTo(TreeListing.of(sys, from));
  }

  private TreeSource source() throws Exception {
    return trees.source(from, TreeKind.PLAIN);
  }

  private TreeTarget target() throws Exception {
    return trees.target(to, TreeKind.PLAIN, TreeLimits.STANDARD);
  }

  private static TreePass pass(TreeSource source, TreeTarget target, boolean last)
      throws Exception {
    return pass(source, target, last, MappedFiles.NONE);
  }

  private static TreePass pass(
      TreeSource source, TreeTarget target, boolean last, MappedFiles mapped) throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    TreePass pass = last ? source.lastPass(stream, mapped) : source.pass(stream, mapped);
    target.apply(new ByteArrayInputStream(stream.toByteArray()));
    return pass;
  }

  private Fd open(String name) throws Exception {
    return sys.open(PathAt.of(from.resolve(name)), Set.of(OpenFlag.WRITE), 0);
  }

  private void resize(String name, long size) throws Exception {
    try (Fd file = open(name)) {
      sys.ftruncate(file, size);
    }
  }

  private void write(Path path, long offset, byte[] bytes) throws Exception {
    try (Fd file = sys.open(PathAt.of(path), Set.of(OpenFlag.WRITE), 0)) {
      ByteBuffer data = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      sys.pwrite(file, data, offset);
    }
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
