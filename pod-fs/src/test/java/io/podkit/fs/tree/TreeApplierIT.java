package io.podkit.fs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.PodkitException;
import io.podkit.fs.api.TreeKind;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreeTarget;
import io.podkit.fs.dir.TreeRemover;
import io.podkit.fs.testing.NeedsRoot;
import io.podkit.fs.testing.TreeListing;
import io.podkit.fs.watch.Watches;
import io.podkit.linux.FileType;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams written by hand, and what they make of a directory. */
@NeedsRoot
class TreeApplierIT {
  private static final Instant THEN = Instant.parse("2001-02-03T04:05:06.123456789Z");

  private final Syscalls sys = JnrSyscalls.load();
  private final KernelTrees trees =
      new KernelTrees(sys, Clock.systemUTC(), new Watches(sys, "6.5"));
  private Path work = Path.of("unset");
  private Path to = Path.of("unset");

  @BeforeEach
  void makeDirectories() throws Exception {
    work = Files.createTempDirectory("podkit-tree");
    to = Files.createDirectory(work.resolve("to"));
  }

  @AfterEach
  void removeDirectories() throws Exception {
    new TreeRemover(sys).remove(work);
  }

  @Test
  void attributesAlone_setTheTimesToo() throws Exception {
    apply(
        out -> {
          out.file("f", attributes(), 0);
          out.endFile();
        });
    Instant later = THEN.plusSeconds(9);
    apply(
        out ->
            out.attributes(
                "f", FileType.REGULAR, new Attributes(0600, 1, 2, later, later, Map.of())));
    assertThat(sys.lstat(PathAt.of(to.resolve("f"))).modified()).isEqualTo(later);
  }

  @Test
  void directoryThatBecomesAFileInOneStream_isNoError() throws Exception {
    apply(
        out -> {
          out.directory("d", attributes());
          out.directory("d/e", attributes());
          out.file("d/e/f", attributes(), 0);
          out.endFile();
          out.delete("d/e/f");
          out.delete("d");
          out.file("d", attributes(), 0);
          out.endFile();
        });
    assertThat(to.resolve("d")).isRegularFile();
  }

  @Test
  void manyFiles_areAllMade_andTheLastOfAName() throws Exception {
    int count = 10_000;
    apply(
        out -> {
          for (int i = 0; i < 10; i++) {
            out.directory("d" + i, attributes());
          }
          for (String name : List.of("both", "grown")) {
            out.file(name, attributes(), 0);
            out.endFile();
          }
          out.directory("both", attributes());
          out.file("grown", attributes(), FileMakers.LARGEST + 1);
          out.endFile();
          for (int i = 0; i < count; i++) {
            String path = "d" + i % 10 + "/" + i;
            out.file(path, attributes(), 4);
            out.data(0, direct(-i));
            out.endFile();
            if (i % 100 == 0) {
              out.symlink(path, attributes(), new byte[] {'x'});
              out.file(path, attributes(), 4);
              out.data(0, direct(i));
              out.endFile();
              out.hardLink("d3/link" + i, path);
            }
          }
        });
    for (int i = 0; i < count; i++) {
      byte[] content = Files.readAllBytes(to.resolve("d" + i % 10 + "/" + i));
      assertThat(ByteBuffer.wrap(content).getInt()).isEqualTo(i % 100 == 0 ? i : -i);
    }
    assertThat(to.resolve("both")).isDirectory();
    assertThat(to.resolve("grown")).hasSize(FileMakers.LARGEST + 1);
    assertThat(to.resolve("d3/link900")).hasSameBinaryContentAs(to.resolve("d0/900"));
    assertThat(Files.getLastModifiedTime(to.resolve("d3")).toInstant()).isEqualTo(THEN);
  }

  private static ByteBuffer direct(int value) {
    return ByteBuffer.allocateDirect(4).putInt(value).flip();
  }

  @Test
  void failureOfOneFile_isThatOfTheStream() throws Exception {
    assertThatThrownBy(
            () ->
                apply(
                    out -> {
                      for (int i = 0; i < 100; i++) {
                        out.file(i == 50 ? "nowhere/f" : "f" + i, attributes(), 0);
                        out.endFile();
                      }
                    }))
        .isInstanceOf(PodkitException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void plantedLink_isNeverFollowedByTheTarget() throws Exception {
    Path secret = Files.createDirectory(work.resolve("secret"));
    Path victim = Files.writeString(secret.resolve("file"), "untouched");
    String before = listing(secret).toString();
    byte[] link = secret.toString().getBytes(StandardCharsets.UTF_8);
    byte[] fileLink = victim.toString().getBytes(StandardCharsets.UTF_8);

    refused(out -> out.file("l/new", attributes(), 0), link);
    refused(out -> out.directory("l/new", attributes()), link);
    refused(out -> out.delete("l/file"), link);
    refused(out -> out.attributes("l/file", FileType.REGULAR, attributes()), link);
    refused(out -> out.attributes("l", FileType.DIRECTORY, attributes()), link);
    refused(out -> out.attributes("l", FileType.REGULAR, attributes()), fileLink);
    refused(out -> out.hardLink("mine", "l/file"), link);
    refused(out -> out.hardLink("l/mine", "f"), link);
    refused(out -> out.symlink("l/mine", attributes(), link), link);

    // A file of the link's name replaces the link and leaves alone what it pointed to.
    apply(
        out -> {
          out.symlink("l", attributes(), fileLink);
          out.file("l", attributes(), 0);
          out.endFile();
        });
    assertThat(listing(secret)).hasToString(before);
    assertThat(to.resolve("l")).isRegularFile();
  }

  private interface Records {
    void write(StreamWriter out) throws Exception;
  }

  private void refused(Records records, byte[] linkTarget) throws Exception {
    new TreeRemover(sys).remove(to);
    Files.createDirectory(to);
    assertThatThrownBy(
            () ->
                apply(
                    out -> {
                      out.file("f", attributes(), 0);
                      out.endFile();
                      out.symlink("l", attributes(), linkTarget);
                      records.write(out);
                    }))
        .isInstanceOf(PodkitException.class);
  }

  private void apply(Records records) throws Exception {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    StreamWriter out = new StreamWriter(stream, TreeKind.UPPER);
    records.write(out);
    out.end();
    try (TreeTarget target = trees.target(to, TreeKind.UPPER, TreeLimits.STANDARD)) {
      target.apply(new ByteArrayInputStream(stream.toByteArray()));
    }
  }

  private static Attributes attributes() {
    return new Attributes(0777, 0, 0, THEN, THEN, Map.of());
  }

  private Map<String, String> listing(Path directory) throws Exception {
    return TreeListing.of(sys, directory);
  }
}
