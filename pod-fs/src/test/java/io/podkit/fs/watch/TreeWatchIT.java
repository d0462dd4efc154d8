package io.podkit.fs.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel tells of a tree. */
@NeedsRoot
class TreeWatchIT {
  private static final int FEW = 20;

  private final Syscalls sys = JnrSyscalls.load();
  private Path work = Path.of("unset");
  private Path tree = Path.of("unset");

  @BeforeEach
  void makeDirectories() throws Exception {
    work = Files.createTempDirectory("podkit-watch");
    tree = Files.createDirectory(work.resolve("tree"));
    Files.createDirectory(tree.resolve("d"));
    Files.writeString(tree.resolve("d/f"), "f");
  }

  @AfterEach
  void removeDirectories() throws Exception {
    new TreeRemover(sys).remove(work);
  }

  private TreeWatch watch(Fd root, int names) throws Exception {
    return TreeWatch.begin(sys, root, false, names);
  }

  private Fd root() throws Exception {
    return sys.openDirectory(PathAt.of(tree));
  }

  @Test
  void whatIsDoneInTheTree_isToldOnce_andNothingElse() throws Exception {
    try (Fd root = root();
        TreeWatch watch = watch(root, FEW)) {
      Files.writeString(tree.resolve("new"), "x");
      Files.writeString(tree.resolve("d/f"), "more", StandardOpenOption.APPEND);
      Files.writeString(work.resolve("beside"), "x");
      Files.move(tree.resolve("d"), tree.resolve("e"));
      Changes changes = watch.drain();
      assertThat(changes.complete()).isTrue();
      // The file is told of where its directory lies by now.
      assertThat(changes.paths()).containsExactlyInAnyOrder("new", "e/f", "d", "e");
      assertThat(changes.newDirectories()).containsExactly("e");
      assertThat(watch.drain().paths()).isEmpty();
    }
  }

  @Test
  void writeThroughARemovedName_isToldByItsInode() throws Exception {
    Path kept = tree.resolve("kept");
    long inode = (Long) Files.getAttribute(tree.resolve("d/f"), "unix:ino");
    Files.createLink(kept, tree.resolve("d/f"));
    try (Fd root = root();
        TreeWatch watch = watch(root, FEW);
        OutputStream out = Files.newOutputStream(tree.resolve("d/f"), StandardOpenOption.APPEND)) {
      Files.delete(tree.resolve("d/f"));
      Files.delete(tree.resolve("d"));
      assertThat(watch.drain().complete()).isTrue();
      out.write(1);
      Changes changes = watch.drain();
      assertThat(changes.inodes()).containsExactly(inode);
    }
  }

  @Test
  void moreThanItKeeps_isSaidToBeUnknown_untilTheNextTime() throws Exception {
    try (Fd root = root();
        TreeWatch watch = watch(root, FEW)) {
      for (int i = 0; i <= FEW; i++) {
        Files.writeString(tree.resolve("f" + i), "x");
      }
      assertThat(watch.drain()).isEqualTo(Changes.UNKNOWN);
      Files.writeString(tree.resolve("f3"), "x");
      assertThat(watch.drain().paths()).contains("f3");
    }
  }
}
