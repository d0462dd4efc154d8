package io.podkit.criu;

import io.podkit.linux.Pid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Tells the library that is preloaded into CRIU which memory a dump must leave out, because
 * somebody else carries it: {@code native/src/main/c/criu-preload}. Written once, when the tasks
 * stand still, before CRIU reads their memory; docs/adr/0009 has the reasons.
 *
 * @param library the preloaded library
 * @param plan where it looks for the plan; the file must not exist when CRIU is started
 */
public record PageFilter(Path library, Path plan) implements Preload {
  private static final String VARIABLE = "PODKIT_PAGE_FILTER";
  private static final long MAGIC = 0x31544c4946444f50L; // "PODFILT1"
  private static final int RECORD = 3 * Long.BYTES;

  /**
   * Addresses of one process.
   *
   * @param end of the first byte after it
   */
  public record Range(Pid pid, long start, long end) {}

  /** A shared memory object, by the file that the kernel keeps it in. */
  public record SharedObject(int major, int minor, long inode) {}

  @Override
  public Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), VARIABLE, plan.toString());
  }

  /**
   * Writes a plan.
   *
   * @param plan where the library looks for it
   * @param ranges of one process they must not overlap
   */
  public static void write(Path plan, List<Range> ranges, List<SharedObject> objects)
      throws IOException {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(Range::pid).thenComparing(Range::start));
    ByteBuffer file =
        ByteBuffer.allocate(RECORD * (1 + sorted.size() + objects.size()))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(MAGIC).putLong(sorted.size()).putLong(objects.size());
    for (Range range : sorted) {
      file.putLong(range.pid().value()).putLong(range.start()).putLong(range.end());
    }
    for (SharedObject object : objects) {
      file.putLong(object.major()).putLong(object.minor()).putLong(object.inode());
    }
    Path unfinished = plan.resolveSibling(plan.getFileName() + ".new");
    Files.write(unfinished, file.array());
    Files.move(unfinished, plan, StandardCopyOption.ATOMIC_MOVE);
  }
}
