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
import io.podkit.fs.watch.Watches;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Syscalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the passes over a large tree cost; prints the times. */
@NeedsRoot
class TreeTimingIT {
  private static final int DIRECTORIES = 100;
  private static final int FILES = 1000;

  private final Syscalls sys = JnrSyscalls.load();
  private final KernelTrees trees =
      new KernelTrees(sys, Clock.systemUTC(), new Watches(sys, "6.5"));
  private Path work = Path.of("unset");

  @BeforeEach
  void makeDirectories() throws Exception {
    work = Files.createTempDirectory("podkit-timing");
  }

  @AfterEach
  void removeDirectories() throws Exception {
    new TreeRemover(sys).remove(work);
  }

  @Test
  void hundredThousandFiles() throws Exception {
    Path from = Files.createDirectory(work.resolve("from"));
    Path to = Files.createDirectory(work.resolve("to"));
    makeFiles(from);
    Thread.sleep(TreeDelta.CLOCK_MARGIN.toMillis() + 50);
    try (TreeSource source = trees.source(from, TreeKind.UPPER);
        TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      TreePass first = timed("first pass", source, target, false);
      assertThat(first.changed()).isEqualTo(DIRECTORIES * FILES + DIRECTORIES);
      timed("second pass, nothing changed", source, target, false);
      for (int d = 0; d < DIRECTORIES; d++) {
        Files.writeString(from.resolve("d" + d + "/f5"), "changed");
      }
      TreePass last = timed("last pass, 100 files changed", source, target, true);
      assertThat(last.changed()).isEqualTo(DIRECTORIES);
      assertThat(to.resolve("d99/f5")).hasContent("changed");
    }
  }

  private static void makeFiles(Path from) throws Exception {
    byte[] content = "a line of a small file\n".repeat(20).getBytes(StandardCharsets.UTF_8);
    for (int d = 0; d < DIRECTORIES; d++) {
      Path directory = Files.createDirectory(from.resolve("d" + d));
      for (int f = 0; f < FILES; f++) {
        Files.write(directory.resolve("f" + f), content);
      }
    }
  }

  private static TreePass timed(String what, TreeSource source, TreeTarget target, boolean last)
      throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream(1 << 26);
    TreePass pass =
        last ? source.lastPass(stream, MappedFiles.NONE) : source.pass(stream, MappedFiles.NONE);
    long start = System.nanoTime();
    target.apply(new ByteArrayInputStream(stream.toByteArray()));
    System.err.printf(
        "100,000 files, %s: scan %d ms, send %d ms, %d bytes, apply %d ms%n",
        what,
        pass.scanTime().toMillis(),
        pass.sendTime().toMillis(),
        pass.bytes(),
        (System.nanoTime() - start) / 1_000_000);
    return pass;
  }
}
