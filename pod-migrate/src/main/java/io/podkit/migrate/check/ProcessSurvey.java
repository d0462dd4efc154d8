package io.podkit.migrate.check;

import io.podkit.core.api.PodProcess;
import io.podkit.error.PodkitException;
import io.podkit.linux.ErrnoException;
import io.podkit.linux.MountCalls;
import io.podkit.linux.Pid;
import io.podkit.migrate.api.Blocker;
import io.podkit.procfs.ProcStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What of a pod's processes CRIU refuses to dump, as far as /proc shows it: no descriptor is
 * touched. A process that ends meanwhile is in nobody's way.
 */
final class ProcessSurvey {
  private static final List<String> NAMESPACES = List.of("uts", "ipc", "net", "pid", "user");

  /** linux/magic.h has none for it: ipc/mqueue.c. */
  private static final long MESSAGE_QUEUES = 0x19800202L;

  private final Path proc;
  private final MountCalls mounts;

  /**
   * @param proc the mount of procfs
   * @param mounts tells message queues from files
   */
  ProcessSurvey(Path proc, MountCalls mounts) {
    this.proc = proc;
    this.mounts = mounts;
  }

  List<Blocker> of(List<PodProcess> processes) throws PodkitException {
    List<Blocker> found = new ArrayList<>();
    Path init = null;
    for (PodProcess process : processes) {
      if (process.podPid() == 1) {
        init = directory(process.pid());
      }
    }
    try {
      for (PodProcess process : processes) {
        tracer(process.pid(), found);
        if (init != null) {
          namespaces(process.pid(), init, found);
        }
        descriptors(process.pid(), found);
      }
    } catch (IOException e) {
      throw PodkitException.io("cannot look at the pod's processes", e);
    }
    return found;
  }

  private Path directory(Pid pid) {
    return proc.resolve(pid.toString());
  }

  private void tracer(Pid pid, List<Blocker> found) throws IOException {
    long tracer = ProcStatus.of(proc, pid).map(ProcStatus::tracer).orElse(0L);
    if (tracer != 0) {
      found.add(
          blocker(
              "a traced process",
              pid,
              null,
              "process " + tracer + " traces it",
              "end the debugger, strace or whatever process " + tracer + " is"));
    }
  }

  private void namespaces(Pid pid, Path init, List<Blocker> found) throws IOException {
    for (String kind : NAMESPACES) {
      String own = link(directory(pid).resolve("ns").resolve(kind));
      String pods = link(init.resolve("ns").resolve(kind));
      if (own != null && pods != null && !own.equals(pods)) {
        found.add(
            blocker(
                "a nested " + kind + " namespace",
                pid,
                null,
                "CRIU does not dump one inside of another",
                "end what made it: a sandbox, a container, unshare"));
      }
    }
  }

  private void descriptors(Pid pid, List<Blocker> found) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory(pid).resolve("fd"))) {
      for (Path descriptor : all) {
        String target = link(descriptor);
        String why = target == null ? null : reason(pid, descriptor, target);
        if (target != null && why != null) {
          found.add(
              blocker(
                  "file descriptor " + descriptor.getFileName(),
                  pid,
                  target,
                  why,
                  "have the program close it, or end it for the move"));
        }
      }
    } catch (FileSystemException e) {
      // it has ended
    }
  }

  private @Nullable String reason(Pid pid, Path descriptor, String target) throws IOException {
    String known = reason(target);
    if (known != null) {
      return known;
    }
    if (target.startsWith("pipe:[")) {
      Path info = directory(pid).resolve("fdinfo").resolve(descriptor.getFileName().toString());
      return isPacketPipe(text(info)) ? "CRIU does not dump pipes in packet mode" : null;
    }
    boolean perhapsQueue = target.startsWith("/") && target.indexOf('/', 1) < 0;
    return perhapsQueue && isMessageQueue(descriptor)
        ? "CRIU does not dump open POSIX message queues"
        : null;
  }

  /** Why a descriptor with that link in /proc cannot be dumped; null if the link tells nothing. */
  static @Nullable String reason(String link) {
    return switch (link) {
      case "anon_inode:[io_uring]" -> "CRIU does not dump io_uring";
      case "anon_inode:[userfaultfd]" -> "CRIU does not dump userfaultfds";
      case "anon_inode:[perf_event]" -> "CRIU does not dump performance counters";
      default -> null;
    };
  }

  /** From /proc/PID/fdinfo: O_DIRECT on a pipe. */
  static boolean isPacketPipe(String info) {
    return info.lines()
        .filter(line -> line.startsWith("flags:"))
        .map(line -> line.substring("flags:".length()).strip())
        .filter(flags -> flags.matches("[0-7]{1,20}"))
        .anyMatch(flags -> (Long.parseLong(flags, 8) & 040000) != 0);
  }

  private boolean isMessageQueue(Path descriptor) {
    try {
      return mounts.statfs(descriptor).magic() == MESSAGE_QUEUES;
    } catch (ErrnoException e) {
      return false; // closed since
    }
  }

  /** Null if it is gone. */
  private static @Nullable String link(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return null;
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // it is gone
    }
  }

  private static Blocker blocker(
      String what, Pid pid, @Nullable String path, String reason, String cure) {
    return new Blocker(what, OptionalLong.of(pid.value()), path, reason, cure);
  }
}
