package io.podkit.procfs;

import io.podkit.linux.Device;
import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An inode that a process watches through inotify(7) or fanotify(7).
 *
 * @param device of its filesystem
 * @param inode its number there
 * @see <a
 *     href="https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html">proc_pid_fdinfo(5)</a>
 */
public record FileWatch(Device device, long inode) {

  private static final Pattern MARK =
      Pattern.compile("^(?:inotify|fanotify) .*\\bino:([0-9a-f]+) sdev:([0-9a-f]+)\\b");

  /** What a process watches; nothing if it is gone. */
  public static Set<FileWatch> of(Path proc, Pid pid) throws IOException {
    Set<FileWatch> watches = new LinkedHashSet<>();
    Path descriptors = ProcFile.of(proc, pid, "fd");
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : listing) {
        if (isNotifier(descriptor)) {
          String name = "fdinfo/" + descriptor.getFileName();
          ProcFile.readIfAlive(proc, pid, name).ifPresent(text -> watches.addAll(parse(text)));
        }
      }
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (DirectoryIteratorException e) {
      if (Files.exists(descriptors)) {
        throw e.getCause();
      }
    }
    return watches;
  }

  /** Whether it is worth reading its fdinfo, which costs far more than its link. */
  private static boolean isNotifier(Path descriptor) throws IOException {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("anon_inode:") && target.contains("notify");
    } catch (NoSuchFileException e) {
      return false; // closed meanwhile
    }
  }

  static Set<FileWatch> parse(String fdinfo) {
    Set<FileWatch> watches = new LinkedHashSet<>();
    fdinfo.lines().forEach(line -> mark(line).ifPresent(watches::add));
    return watches;
  }

  private static Optional<FileWatch> mark(String line) {
    Matcher mark = MARK.matcher(line);
    if (!mark.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new FileWatch(
            Device.ofKernelNumber(Long.parseLong(mark.group(2), 16)),
            Long.parseUnsignedLong(mark.group(1), 16)));
  }
}
