package io.podkit.fs.rooted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileOwners;
import io.podkit.fs.api.RootedFiles;
import io.podkit.linux.Fd;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.OpenFlag;
import io.podkit.linux.PathAt;
import io.podkit.linux.Syscalls;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod that plants links cannot make the host read or write its own files. */
class RootedFilesTest {
  private final Syscalls sys = JnrSyscalls.load();

  @TempDir Path directory;

  private Path pod;
  private Path secret;
  private RootedFiles files;

  @BeforeEach
  void makePod() throws Exception {
    pod = Files.createDirectory(directory.resolve("pod"));
    secret = Files.writeString(directory.resolve("secret"), "of the host");
    Files.createDirectories(pod.resolve("etc"));
    Files.writeString(pod.resolve("etc/passwd"), "of the pod");
    files = KernelRootedFiles.open(sys, pod, FileOwners.SAME);
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void links_leadWhereThePodWouldFollowThem() throws Exception {
    Files.createSymbolicLink(pod.resolve("absolute"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(pod.resolve("climbing"), Path.of("../../../../etc/passwd"));
    Files.createSymbolicLink(pod.resolve("directory"), Path.of("/etc"));
    assertThat(text("/absolute")).isEqualTo("of the pod");
    assertThat(text("climbing")).isEqualTo("of the pod");
    assertThat(text("/directory/passwd")).isEqualTo("of the pod");
    assertThat(text("/../../etc/passwd")).isEqualTo("of the pod");
  }

  @Test
  void linkToTheHost_isNothingInThePod() throws Exception {
    Files.createSymbolicLink(pod.resolve("out"), secret);
    assertThat(files.read("/out", 100)).isEmpty();
    kind(ErrorKind.NOT_FOUND, () -> files.open("/out"));
    files.write("/out", bytes("new"), 0600);
    assertThat(secret).hasContent("of the host");
    assertThat(pod.resolve("out")).hasContent("new");

    Files.createSymbolicLink(pod.resolve("outdir"), directory);
    kind(ErrorKind.NOT_FOUND, () -> files.write("/outdir/secret", bytes("x"), 0600));
    kind(ErrorKind.NOT_FOUND, () -> files.createFifo("/outdir/fifo", 0600));
    files.delete("/outdir/secret");
    files.delete("/outdir");
    assertThat(secret).hasContent("of the host");
    assertThat(directory.resolve("fifo")).doesNotExist();
  }

  @Test
  void open_canBeFollowedAsItGrows() throws Exception {
    Path log = Files.writeString(pod.resolve("log"), "one\n");
    try (InputStream in = files.open("/log")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("one\n");
      assertThat(in.read()).isEqualTo(-1);
      Files.writeString(log, "two\n", StandardOpenOption.APPEND);
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("two\n");
    }
  }

  @Test
  void whatIsNoFile_isRefusedWithoutWaiting() throws Exception {
    sys.mkfifo(PathAt.of(pod.resolve("fifo")), 0600);
    kind(ErrorKind.REFUSED, () -> files.open("/fifo"));
    kind(ErrorKind.REFUSED, () -> files.read("/etc", 100));
    kind(ErrorKind.REFUSED, () -> files.read("/etc/passwd", 3));
    kind(ErrorKind.NOT_FOUND, () -> files.open("/etc/passwd/below"));
    assertThat(files.read("/nothing", 3)).isEmpty();
    kind(ErrorKind.REFUSED, () -> files.createDirectory("/etc/passwd", 0700));
  }

  @Test
  void fifo_isWrittenWhenSomebodyReads() throws Exception {
    files.createFifo("/in", 0622);
    assertThat(Files.getAttribute(pod.resolve("in"), "unix:mode")).isEqualTo(0010622);
    kind(ErrorKind.CONFLICT, () -> files.openFifo("/in"));
    kind(ErrorKind.REFUSED, () -> files.openFifo("/etc/passwd"));
    PathAt at = PathAt.of(pod.resolve("in"));
    try (Fd reader = sys.open(at, Set.of(OpenFlag.READ, OpenFlag.NON_BLOCKING), 0);
        OutputStream out = files.openFifo("/in")) {
      out.write(bytes("hello"));
      java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocateDirect(10);
      assertThat(sys.read(reader, buffer)).isEqualTo(5);
    }
  }

  @Test
  void writeAndDelete_workOnTrees() throws Exception {
    files.createDirectory("/.pod", 0711);
    files.createDirectory("/.pod", 0711);
    files.createDirectory("/.pod/exec", 0700);
    files.write("/.pod/exec/winsize", bytes("24 80"), 0640);
    files.write("/.pod/exec/winsize", bytes("25 80"), 0640);
    assertThat(text("/.pod/exec/winsize")).isEqualTo("25 80");
    assertThat(Files.getAttribute(pod.resolve(".pod"), "unix:mode")).isEqualTo(0040711);
    assertThat(pod.resolve(".pod/exec")).isDirectoryContaining("glob:**/winsize");
    files.delete("/.pod");
    files.delete("/.pod");
    assertThat(pod.resolve(".pod")).doesNotExist();
    kind(ErrorKind.USAGE, () -> files.delete("/etc/.."));
  }

  @Test
  void copyOut_followsNoLinkAndDropsSetUserId() throws Exception {
    Path tree = Files.createDirectories(pod.resolve("srv/tree/deep"));
    Path program = Files.writeString(tree.resolve("program"), "x");
    sys.chmod(PathAt.of(program), 06755);
    Files.createSymbolicLink(tree.resolve("link"), secret);
    sys.mkfifo(PathAt.of(tree.resolve("fifo")), 0600);
    sys.utimensat(PathAt.of(tree), java.time.Instant.EPOCH, java.time.Instant.EPOCH);

    Path out = Files.createDirectory(directory.resolve("out"));
    files.copyOut("/srv/tree", out);
    files.copyOut("/srv/tree/deep/program", directory.resolve("renamed"));

    assertThat(Files.getAttribute(out.resolve("tree/deep/program"), "unix:mode"))
        .isEqualTo(0100755);
    assertThat(Files.readSymbolicLink(out.resolve("tree/deep/link"))).isEqualTo(secret);
    assertThat(out.resolve("tree/deep/fifo")).doesNotExist();
    assertThat(Files.getLastModifiedTime(out.resolve("tree/deep")).toMillis()).isZero();
    assertThat(directory.resolve("renamed")).hasContent("x");
  }

  @Test
  void copyIn_staysInThePod() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source/a"));
    Files.writeString(source.resolve("f"), "content");
    Files.setPosixFilePermissions(
        source.resolve("f"), PosixFilePermissions.fromString("r--------"));
    Files.createSymbolicLink(pod.resolve("target"), Path.of("/etc"));
    Files.createSymbolicLink(pod.resolve("trap"), secret);

    files.copyIn(source, "/target");
    files.copyIn(source.resolve("f"), "/trap");
    files.copyIn(source.resolve("f"), "/etc/passwd");

    assertThat(pod.resolve("etc/a/f")).hasContent("content");
    assertThat(Files.getAttribute(pod.resolve("etc/a/f"), "unix:mode")).isEqualTo(0100400);
    assertThat(pod.resolve("trap")).isRegularFile().hasContent("content");
    assertThat(secret).hasContent("of the host");
    assertThat(pod.resolve("etc/passwd")).hasContent("content");
    kind(ErrorKind.CONFLICT, () -> files.copyIn(source, "/etc/passwd"));
    kind(ErrorKind.NOT_FOUND, () -> files.copyIn(source, "/nowhere/deep"));
    kind(ErrorKind.NOT_FOUND, () -> files.copyOut("/nothing", directory));
  }

  @Test
  void missingRoot_isTold() {
    kind(
        ErrorKind.NOT_FOUND,
        () -> KernelRootedFiles.open(sys, directory.resolve("none"), FileOwners.SAME));
  }

  private interface Attempt {
    void run() throws Exception;
  }

  private static void kind(ErrorKind kind, Attempt attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOf(PodkitException.class)
        .satisfies(e -> assertThat(((PodkitException) e).kind()).isEqualTo(kind));
  }

  private String text(String path) throws Exception {
    return new String(files.read(path, 100).orElseThrow(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
