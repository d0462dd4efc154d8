package io.podkit.criu;

import io.podkit.error.Hint;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What to do about CRIU's errors: a catalogue of the lines it writes and what they mean to whoever
 * runs pods.
 */
final class CriuHints {

  static final Hint NO_CRIU =
      new Hint("run 'dev setup' or install CRIU " + CriuVersion.OLDEST + " or newer with libcriu");

  private record Entry(Pattern pattern, Hint hint) {
    Entry(String pattern, String hint) {
      this(Pattern.compile(pattern), new Hint(hint));
    }
  }

  /** The first that matches counts: special ones before general ones. */
  private static final List<Entry> CATALOGUE =
      List.of(
          new Entry(
              "Connected TCP socket, consider using",
              "a process holds a TCP connection: allow connections to be carried over"),
          new Entry(
              "Some file locks are hold by dumping tasks",
              "a process holds file locks: allow file locks to be carried over"),
          new Entry(
              "Can't create link remap for|Use link-remap",
              "a process has a file open that was deleted under one of its names: allow link remaps"),
          new Entry(
              "Can't dump ghost file .* increase limit",
              "a process has a large deleted file open: raise the ghost limit above its size"),
          new Entry(
              "Can't lookup mount=\\d+ for fd=",
              "a process holds a file of the host open, often its standard streams:"
                  + " start it through 'pod exec' or 'pod run', not by entering the namespaces"),
          new Entry(
              "session leader of .* is outside of its pid namespace",
              "a process belongs to a session of the host: start it through 'pod exec' or 'pod run'"),
          new Entry(
              "No set \\d+ found|cg: Set \\d+ is not subset",
              "a process is outside the pod's control group: start it through 'pod exec'"),
          new Entry(
              "Unexpected rt vDSO area bounds|Can't get 1:16 opt: Operation not supported",
              "this CRIU is too old for this kernel: run 'dev setup' or install CRIU "
                  + CriuVersion.OLDEST
                  + " or newer"),
          new Entry(
              "Can't get rlimit \\d+",
              "without CAP_SYS_RESOURCE CRIU cannot dump other users' processes in the host's user"
                  + " namespace: give the pod a user namespace of its own"),
          new Entry(
              "kerndat: Unable to connect a socket",
              "bring the loopback interface up: ip link set lo up"),
          new Entry(
              "Can't dump that handle|Can't find suitable path for handle",
              "a process watches a file that is deleted, or has only just begun to watch one: try"
                  + " again"),
          new Entry(
              "anon_inode:\\[io_uring\\]|io_uring",
              "a process uses io_uring, which CRIU cannot carry: turn it off in the program"),
          new Entry(
              "Can't dump file \\d+ of that type",
              "a process has a kind of file open that CRIU cannot carry; the line says which"),
          new Entry(
              "CPU Feature .* required by|CPU capabilities do not match|CPU instruction"
                  + " capabilities|CPU xfeatures has unsupported|CPU xsave (max )?size mismatch",
              "the target's processor lacks what the source's has: choose a target with the same or"
                  + " a newer model"),
          new Entry(
              "External socket is used|External socket found",
              "a process talks to a Unix socket outside the pod: close that connection first"),
          new Entry(
              "doesn't have a proper root mount|unreachable sharing",
              "a mount in the pod leads outside: declare it as a volume of the pod"),
          new Entry(
              "has bad size|has bad mode|has bad build-ID|Build-ID check",
              "a file that a process uses differs on this host: both hosts need the same layers and"
                  + " volumes"),
          new Entry(
              "Can't open file .* on restore: No such file|Can't open file .*No such file",
              "a file that a process uses is missing on this host: both hosts need the same layers"
                  + " and volumes"),
          new Entry(
              "Can't bind inet socket.*Cannot assign requested address",
              "the pod's address is not there on this host: check the pod's network"),
          new Entry(
              "Timeout reached\\. Try to interrupt",
              "freezing took too long: a process sleeps in the kernel or keeps forking"),
          new Entry(
              "Insufficient privileges|needs to have the CAP_SYS_ADMIN|CAP_CHECKPOINT_RESTORE",
              "run as root, with CAP_SYS_ADMIN"),
          new Entry(
              "page-xfer: .*The page server doesn't answer|Can't read the answer",
              "whoever received the pod's memory went away"));

  private CriuHints() {}

  /** The hint for the first of these error lines that the catalogue knows. */
  static Optional<Hint> forErrors(List<String> errors) {
    for (String error : errors) {
      for (Entry entry : CATALOGUE) {
        if (entry.pattern.matcher(error).find()) {
          return Optional.of(entry.hint);
        }
      }
    }
    return Optional.empty();
  }
}
