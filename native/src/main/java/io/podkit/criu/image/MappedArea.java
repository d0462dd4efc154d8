package io.podkit.criu.image;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podkit.criu.proto.MmEntry;
import io.podkit.criu.proto.VmaEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * One mapping of a task as CRIU dumped it, from {@code mm-PID.img}, and how CRIU restores its
 * pages.
 *
 * @param start address of its first byte
 * @param end address of the first byte after it
 * @param holdsPages whether CRIU restores pages of a task's own in it
 * @param lazy whether its pages may come after the task runs: then CRIU registers all of it with
 *     userfaultfd
 */
public record MappedArea(long start, long end, boolean holdsPages, boolean lazy) {
  private static final int MAGIC = 0x57492820;

  // mmap(2)
  private static final int MAP_PRIVATE = 0x2;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_LOCKED = 0x2000;
  private static final int MAP_HUGETLB = 0x40000;

  // CRIU's own, part of the image format
  private static final int REGULAR = 1;
  private static final int VSYSCALL = 1 << 2;
  private static final int VDSO = 1 << 3;
  private static final int FILE_PRIVATE = 1 << 6;
  private static final int ANONYMOUS_PRIVATE = 1 << 9;
  private static final int VVAR = 1 << 12;

  /**
   * The mappings of one task, ascending.
   *
   * @param pid in the pod
   * @throws java.nio.file.NoSuchFileException if the task has none, as a zombie
   * @throws ImageFormatException if CRIU wrote something we do not know
   */
  public static List<MappedArea> read(Path images, long pid) throws IOException {
    List<ByteBuffer> records = ImageRecords.read(images.resolve("mm-" + pid + ".img"), MAGIC);
    if (records.size() != 1) {
      throw new ImageFormatException("mm-" + pid + ".img has " + records.size() + " records");
    }
    try {
      return MmEntry.parseFrom(records.get(0)).getVmasList().stream().map(MappedArea::of).toList();
    } catch (InvalidProtocolBufferException e) {
      throw new ImageFormatException("mm-" + pid + ".img: " + e.getMessage());
    }
  }

  private static MappedArea of(VmaEntry vma) {
    int status = vma.getStatus();
    int flags = vma.getFlags();
    boolean regular = (status & REGULAR) != 0;
    boolean ownPages = (status & (ANONYMOUS_PRIVATE | FILE_PRIVATE)) != 0;
    boolean anonymous = (flags & MAP_ANONYMOUS) != 0 && (flags & MAP_PRIVATE) != 0;
    boolean special =
        (flags & (MAP_LOCKED | MAP_HUGETLB)) != 0 || (status & (VDSO | VVAR | VSYSCALL)) != 0;
    return new MappedArea(
        vma.getStart(), vma.getEnd(), regular && ownPages, regular && anonymous && !special);
  }
}
