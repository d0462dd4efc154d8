package io.podkit.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.podkit.fs.watch.Watches;
import io.podkit.linux.JnrSyscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InodeSearchTest {

  @TempDir Path tree;

  @Test
  void findsFilesDirectoriesAndTheRootItself() throws Exception {
    Path deep = Files.createDirectories(tree.resolve("a/b/c"));
    Path file = Files.createFile(deep.resolve("file"));
    Path link = Files.createSymbolicLink(tree.resolve("link"), file);

    assertThat(locate(tree, deep, file, link))
        .containsExactlyInAnyOrder("", "a/b/c", "a/b/c/file", "link");
  }

  @Test
  void whatIsNotThere_isNotFound() throws Exception {
    Path file = Files.createFile(tree.resolve("file"));
    long gone = inode(file);
    Files.delete(file);
    Files.createDirectory(tree.resolve("other"));

    assertThat(search(Set.of(gone + 1_000_000))).isEmpty();
  }

  @Test
  void ofSeveralNames_theNearestToTheRoot() throws Exception {
    Path file = Files.createFile(Files.createDirectory(tree.resolve("a")).resolve("far"));
    Files.createLink(tree.resolve("z"), file);

    assertThat(locate(file)).containsExactly("z");
  }

  private List<String> locate(Path... files) throws Exception {
    Set<Long> inodes = new HashSet<>();
    for (Path file : files) {
      inodes.add(inode(file));
    }
    return search(inodes).values().stream()
        .map(path -> new String(path, StandardCharsets.UTF_8))
        .collect(Collectors.toList());
  }

  private Map<Long, byte[]> search(Set<Long> inodes) throws Exception {
    return new KernelTrees(
            JnrSyscalls.load(), Clock.systemUTC(), new Watches(JnrSyscalls.load(), ""))
        .locate(tree, inodes);
  }

  private static long inode(Path file) throws IOException {
    return ((Number) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)).longValue();
  }
}
