package io.podkit.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.PagesProcess;
import io.podkit.linux.Pid;
import io.podkit.process.Command;
import io.podkit.process.CommandResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The libraries in a program that calls what CRIU calls. Needs root. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PreloadIT {
  private static final Path PROGRAM = Path.of("target/test-c/preloaded").toAbsolutePath();
  private static final Path FILTER = Path.of("target/libpod-page-filter.so").toAbsolutePath();
  private static final Path USERFAULT = Path.of("target/libpod-userfault.so").toAbsolutePath();
  private static final Path DEVICE = Path.of("/dev/userfaultfd");
  private static final int DESCRIPTOR = 77;
  private static final int PAGES = 16;
  private static final int ROOM = 100;

  private final JnrSyscalls sys = JnrSyscalls.load();

  @TempDir Path directory;

  private Command filtered(Object... arguments) {
    return Command.of(PROGRAM, arguments)
        .env("LD_PRELOAD", FILTER.toString())
        .env("PODKIT_PAGE_FILTER", directory.resolve("plan").toString());
  }

  private void plan(List<PageFilter.Range> ranges, PageFilter.SharedObject... objects)
      throws Exception {
    PageFilter.write(directory.resolve("plan"), ranges, List.of(objects));
  }

  /** What a scan of all pages finds, in numbers of pages, "FIRST-END" each. */
  private String scan(PagesProcess process, int room) throws Exception {
    List<String> lines =
        filtered(
                "scan",
                process.pid(),
                Long.toHexString(process.address(0)),
                Long.toHexString(process.address(PAGES)),
                room)
            .runOrThrow("scan")
            .lines();
    StringBuilder found = new StringBuilder();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (!words[0].equals("walked")) {
        found.append(number(process, words[0])).append('-');
      }
      found.append(number(process, words[1])).append(' ');
    }
    return found.toString().strip();
  }

  private static long number(PagesProcess process, String address) {
    return (Long.parseLong(address, 16) - process.address(0)) / PagesProcess.PAGE;
  }

  private static PageFilter.Range range(PagesProcess process, int first, int end) {
    return new PageFilter.Range(process.pid(), process.address(first), process.address(end));
  }

  @Test
  void scan_passesOverWhatThePlanHas() throws Exception {
    try (PagesProcess process = PagesProcess.start(sys, PAGES);
        PagesProcess other = PagesProcess.start(sys, PAGES)) {
      assertThat(scan(process, ROOM)).as("no plan yet").isEqualTo("0-15 16");
      plan(List.of(range(process, 4, 6), range(process, 6, 8), range(process, 12, 13)));
      assertThat(scan(process, ROOM)).isEqualTo("0-4 8-12 13-15 16");
      assertThat(scan(other, ROOM)).as("another process").isEqualTo("0-15 16");
    }
  }

  @Test
  void scan_ofPlansAtTheEdges() throws Exception {
    try (PagesProcess process = PagesProcess.start(sys, PAGES)) {
      plan(List.of(range(process, 0, PAGES)));
      assertThat(scan(process, ROOM)).isEqualTo("16");
      plan(List.of(range(process, -5, 3), range(process, 14, PAGES + 5)));
      assertThat(scan(process, ROOM)).isEqualTo("3-14 16");
      Pid neighbour = new Pid(process.pid().value() + 1);
      plan(
          List.of(
              new PageFilter.Range(neighbour, process.address(0), process.address(PAGES)),
              range(process, 0, 1)));
      assertThat(scan(process, ROOM)).isEqualTo("1-15 16");
      plan(List.of());
      assertThat(scan(process, ROOM)).isEqualTo("0-15 16");
    }
  }

  @Test
  void scan_thatHasNoMoreRoom_endsWhereItCanGoOn() throws Exception {
    try (PagesProcess process = PagesProcess.start(sys, PAGES)) {
      process.obey("unmap 1");
      plan(List.of(range(process, 4, 6)));
      assertThat(scan(process, 3)).startsWith("0-1 2-4 6-15 ");
      assertThat(scan(process, 2)).startsWith("0-1 2-4 ").matches(".* [456]");
      assertThat(scan(process, 1)).startsWith("0-1 ").matches(".* [12]");
    }
  }

  @Test
  void damagedPlan_endsTheProgram() throws Exception {
    try (PagesProcess process = PagesProcess.start(sys, PAGES)) {
      plan(List.of(range(process, 4, 6)));
      Path file = directory.resolve("plan");
      byte[] whole = Files.readAllBytes(file);
      for (int length : new int[] {0, 8, 24, 47}) {
        Files.write(file, Arrays.copyOf(whole, length));
        CommandResult result = filtered("scan", process.pid(), "1000", "2000", 1).run();
        assertThat(result.success()).as("%d bytes", length).isFalse();
        assertThat(result.stderr()).contains("is damaged");
      }
    }
  }

  private String seek(Path file) throws Exception {
    return filtered("seek", file).runOrThrow("seek").stdout().strip();
  }

  @Test
  void seek_findsNoDataInWhatThePlanHas() throws Exception {
    Path ours = Files.write(directory.resolve("ours"), new byte[5000]);
    Path other = Files.write(directory.resolve("other"), new byte[5000]);
    assertThat(seek(ours)).isEqualTo("data 0, size 5000, 0");
    long device = (Long) Files.getAttribute(ours, "unix:dev");
    long inode = (Long) Files.getAttribute(ours, "unix:ino");
    plan(
        List.of(),
        new PageFilter.SharedObject(0, 0, inode),
        new PageFilter.SharedObject(
            (int) ((device >>> 8) & 0xfff),
            (int) ((device & 0xff) | ((device >>> 12) & 0xfff00)),
            inode));

    assertThat(seek(ours)).isEqualTo("none No such device or address, size 5000, -1");
    assertThat(seek(other)).isEqualTo("data 0, size 5000, 0");
  }

  private static List<String> userfault(Command command) throws Exception {
    return command
        .env("LD_PRELOAD", USERFAULT.toString())
        .env("PODKIT_USERFAULT_DEVICE", DEVICE.toString())
        .env("PODKIT_USERFAULT_FD", Integer.toString(DESCRIPTOR))
        .runOrThrow("call userfaultfd")
        .lines();
  }

  @Test
  void device_staysOpen_andOtherCallsAreTheKernels() throws Exception {
    assumeThat(DEVICE).exists();
    assertThat(userfault(Command.of(PROGRAM, "userfault", DESCRIPTOR)))
        .containsExactly(
            "at first open",
            "close 0, then open",
            "another: close 0, closed",
            "getpid right",
            "close -1: -1 Bad file descriptor",
            "six arguments right",
            // Root needs no device.
            "userfaultfd had, then open");
  }

  @Test
  void userfaultfd_isHadThroughTheDevice_whichIsClosedThen() throws Exception {
    assumeThat(DEVICE).exists();
    Command unprivileged =
        Command.of(
            "/bin/sh",
            "-c",
            // Opened by the shell, before it is nobody.
            "exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all"
                + " --bounding-set=-all "
                + PROGRAM
                + " userfault "
                + DESCRIPTOR);
    assertThat(userfault(unprivileged))
        .startsWith("at first open", "close 0, then open")
        .endsWith("userfaultfd had, then closed");
  }

  @Test
  void withoutADevice_nothingChanges() throws Exception {
    List<String> lines =
        Command.of(PROGRAM, "userfault", DESCRIPTOR)
            .env("LD_PRELOAD", USERFAULT.toString())
            .env("PODKIT_USERFAULT_DEVICE", directory.resolve("none").toString())
            .env("PODKIT_USERFAULT_FD", Integer.toString(DESCRIPTOR))
            .runOrThrow("call userfaultfd")
            .lines();
    assertThat(lines).startsWith("at first closed", "close -1, then closed");
  }
}
