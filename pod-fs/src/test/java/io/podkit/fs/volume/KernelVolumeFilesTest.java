package io.podkit.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeSize;
import io.podkit.fs.api.VolumeFiles;
import io.podkit.fs.tree.KernelTrees;
import io.podkit.fs.watch.Watches;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelVolumeFilesTest {
  private static final Instant THEN = Instant.parse("2001-02-03T04:05:06.123456789Z");

  private final Syscalls sys = JnrSyscalls.load();
  private final VolumeFiles files =
      new KernelVolumeFiles(sys, new KernelTrees(sys, Clock.systemUTC(), new Watches(sys, "")));

  @TempDir Path work = Path.of("unset");
  private Path one = Path.of("unset");

  @BeforeEach
  void make() throws Exception {
    one = make("one");
  }

  private Path make(String name) throws IOException {
    Path top = Files.createDirectories(work.resolve(name).resolve("sub/deep")).resolve("../..");
    Path real = top.normalize();
    Files.writeString(real.resolve("file"), "content");
    Files.writeString(real.resolve("sub/other"), "more");
    Files.createSymbolicLink(real.resolve("link"), Path.of("sub/other"));
    Files.createLink(real.resolve("sub/twin"), real.resolve("file"));
    return real;
  }

  /** What a test does to one of two equal trees. */
  private interface Change {
    void to(Path tree) throws Exception;
  }

  private record Named(String name, Change change) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Named> differences() {
    return Stream.of(
        new Named("content", t -> Files.writeString(t.resolve("file"), "cOntent")),
        new Named("length", t -> Files.writeString(t.resolve("sub/other"), "more.")),
        new Named("mode", t -> mode(t.resolve("file"), "rwx------")),
        new Named("mode of the top", t -> mode(t, "rwx------")),
        new Named("a name more", t -> Files.createFile(t.resolve("sub/deep/x"))),
        new Named("a name less", t -> Files.delete(t.resolve("link"))),
        new Named("a rename", t -> Files.move(t.resolve("file"), t.resolve("file2"))),
        new Named("another target", t -> relink(t.resolve("link"))),
        new Named("a link less", t -> unlink(t.resolve("sub/twin"))),
        new Named("a type", t -> Files.createDirectory(emptied(t.resolve("sub/other")))));
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static Path emptied(Path path) throws IOException {
    Files.delete(path);
    return path;
  }

  private static void relink(Path path) throws IOException {
    Files.createSymbolicLink(emptied(path), Path.of("sub/twin"));
  }

  private static void unlink(Path path) throws IOException {
    Files.writeString(emptied(path), "content");
  }

  @ParameterizedTest
  @MethodSource("differences")
  void digestAndStampTellWhatWasChanged(Named difference) throws Exception {
    Path two = make("two");
    String digest = files.digest(two);
    String stamp = files.stamp(two);
    assertThat(digest).matches("sha256:[0-9a-f]{64}").isEqualTo(files.digest(one));
    Thread.sleep(20); // clocks of filesystems are coarse
    difference.change.to(two);
    assertThat(files.digest(two)).isNotEqualTo(digest);
    assertThat(files.stamp(two)).isNotEqualTo(stamp);
  }

  @Test
  void timesMoveTheStampOnly() throws Exception {
    String digest = files.digest(one);
    String stamp = files.stamp(one);
    Thread.sleep(20);
    Files.setLastModifiedTime(one.resolve("file"), FileTime.from(THEN));
    assertThat(files.digest(one)).isEqualTo(digest);
    assertThat(files.stamp(one)).isNotEqualTo(stamp);
  }

  @Test
  void readingMovesNeither() throws Exception {
    String stamp = files.stamp(one);
    Files.readString(one.resolve("file"));
    files.digest(one);
    assertThat(files.stamp(one)).isEqualTo(stamp);
  }

  @Test
  void marksAndAnEmptyLostAndFoundDoNotCount() throws Exception {
    String digest = files.digest(one);
    String stamp = files.stamp(one);
    Files.createFile(one.resolve(".podkit-0123"));
    Files.createDirectory(one.resolve("lost+found"));
    assertThat(files.digest(one)).isEqualTo(digest);
    assertThat(files.stamp(one)).isEqualTo(stamp);
    Files.createFile(one.resolve("lost+found/#1"));
    assertThat(files.digest(one)).isNotEqualTo(digest);
  }

  @Test
  void aSingleFileIsAPlace() throws Exception {
    Path file = one.resolve("file");
    assertThat(files.digest(file)).isEqualTo(files.digest(make("two").resolve("file")));
    String stamp = files.stamp(file);
    Thread.sleep(20);
    Files.writeString(file, "cOntent");
    assertThat(files.stamp(file)).isNotEqualTo(stamp);
    assertThat(files.measure(file).entries()).isZero();
    assertThat(files.measure(file).bytes()).isPositive();
  }

  @Test
  void measure_countsLinksOnce() throws Exception {
    TreeSize size = files.measure(one);
    assertThat(size.entries()).isEqualTo(6);
    assertThat(size.bytes())
        .isEqualTo(
            files.measure(one.resolve("file")).bytes()
                + files.measure(one.resolve("sub/other")).bytes());
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> files.digest(work.resolve("nothing")))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
        .hasMessageContaining("nothing");
  }

  @Test
  void isEmpty_passesOverWhatIsNobodys() throws Exception {
    Path empty = Files.createDirectory(work.resolve("empty"));
    Files.createFile(empty.resolve(".podkit-0123"));
    Files.createDirectory(empty.resolve("lost+found"));
    assertThat(files.isEmpty(empty)).isTrue();
    Files.createFile(empty.resolve("x"));
    assertThat(files.isEmpty(empty)).isFalse();
  }

  @Test
  void move_neverReplaces() throws Exception {
    Path two = make("two");
    assertThatThrownBy(() -> files.move(one, two)).hasMessageContaining("exists already");
    files.move(one, work.resolve("three"));
    assertThat(work.resolve("three/sub/twin")).exists();
  }

  @Test
  void setAside_isUndoneWhateverCame() throws Exception {
    mode(one, "rwxrwx--x");
    Files.createDirectory(one.resolve("lost+found"));
    sys.utimensat(PathAt.of(one), THEN, THEN);
    Map<String, String> before = listing(one);
    files.setAside(one, ".podkit-a");
    assertThat(files.isEmpty(one)).isTrue();
    assertThat(one.resolve(".podkit-a/sub/twin")).exists();
    Files.createDirectory(one.resolve("sub"));
    Files.writeString(one.resolve("file"), "new");
    mode(one, "rwx------");
    files.bringBack(one, ".podkit-a");
    assertThat(listing(one)).isEqualTo(before);
  }

  /** As a crash leaves it: some names moved, others not yet. */
  @Test
  void bringBack_knowsWhenSettingAsideWasCutOff() throws Exception {
    sys.utimensat(PathAt.of(one), THEN, THEN);
    Map<String, String> before = listing(one);
    files.setAside(one, ".podkit-a");
    files.move(one.resolve(".podkit-a"), one.resolve(".podkit-a.moving"));
    Files.move(one.resolve(".podkit-a.moving/file"), one.resolve("file"));
    sys.utimensat(PathAt.of(one.resolve(".podkit-a.moving")), THEN, THEN);
    files.bringBack(one, ".podkit-a");
    assertThat(listing(one)).isEqualTo(before);
    files.bringBack(one, ".podkit-a"); // nothing is aside: nothing happens
    assertThat(listing(one)).isEqualTo(before);
  }

  private static Map<String, String> listing(Path top) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        found.put(
            top.relativize(path).toString(),
            Files.readAttributes(path, "unix:mode,ino,lastModifiedTime,size").toString());
      }
    }
    return found;
  }

  @Test
  void remove_takesFilesAndDirectories() throws Exception {
    for (Path path : List.of(one, work.resolve("nothing"))) {
      files.remove(path);
      assertThat(path).doesNotExist();
    }
    Path file = Files.createFile(work.resolve("file"));
    files.remove(file);
    assertThat(file).doesNotExist();
  }
}
