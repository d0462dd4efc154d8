package io.podkit.procfs;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ids and capabilities of a process, from /proc/PID/status.
 *
 * @param uid effective user id, in the reader's user namespace
 * @param gid effective group id
 * @param namespacePids its pid in each pid namespace it is in, the reader's first, its own last
 * @param permitted capabilities, one bit each
 * @param effective capabilities
 * @param bounding capabilities
 * @param threads how many
 * @param tracer the pid of who traces it, 0 if nobody does
 * @param seccomp 0 off, 1 strict, 2 filter
 */
public record ProcStatus(
    long uid,
    long gid,
    List<Long> namespacePids,
    long permitted,
    long effective,
    long bounding,
    int threads,
    long tracer,
    int seccomp) {

  /** Copies the list. */
  public ProcStatus {
    namespacePids = List.copyOf(namespacePids);
  }

  /** One process, or empty if there is none of that pid. */
  public static Optional<ProcStatus> of(Path proc, Pid pid) throws IOException {
    Optional<String> text = ProcFile.readIfAlive(proc, pid, "status");
    return text.isPresent() ? Optional.of(parse(text.get())) : Optional.empty();
  }

  /** Its pid in its own pid namespace. */
  public long innermostPid() {
    return namespacePids.get(namespacePids.size() - 1);
  }

  /** Whether that capability, a CAP_ number, is effective. */
  public boolean hasCapability(int number) {
    return (effective & (1L << number)) != 0;
  }

  static ProcStatus parse(String text) throws IOException {
    Map<String, String> fields = ProcFile.fields(text);
    try {
      return new ProcStatus(
          effectiveId(fields, "Uid"),
          effectiveId(fields, "Gid"),
          numbers(field(fields, "NSpid")),
          Long.parseUnsignedLong(field(fields, "CapPrm"), 16),
          Long.parseUnsignedLong(field(fields, "CapEff"), 16),
          Long.parseUnsignedLong(field(fields, "CapBnd"), 16),
          Integer.parseInt(field(fields, "Threads")),
          Long.parseLong(field(fields, "TracerPid")),
          Integer.parseInt(fields.getOrDefault("Seccomp", "0")));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw ProcFile.malformed("status", String.valueOf(e.getMessage()));
    }
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no field " + name);
    }
    return value;
  }

  /** Four ids a line: real, effective, saved, filesystem. */
  private static long effectiveId(Map<String, String> fields, String name) {
    return numbers(field(fields, name)).get(1);
  }

  private static List<Long> numbers(String text) {
    List<Long> numbers = new ArrayList<>();
    for (String word : ProcFile.words(text)) {
      numbers.add(Long.parseLong(word));
    }
    return numbers;
  }
}
