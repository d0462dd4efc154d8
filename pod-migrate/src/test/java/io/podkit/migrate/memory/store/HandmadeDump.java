package io.podkit.migrate.memory.store;

import com.google.protobuf.MessageLite;
import io.podkit.criu.image.MemoryImage;
import io.podkit.criu.image.PageFlag;
import io.podkit.criu.image.PageRun;
import io.podkit.criu.image.PagemapImage;
import io.podkit.criu.image.PagemapWriter;
import io.podkit.criu.proto.CoreEntry;
import io.podkit.criu.proto.MmEntry;
import io.podkit.criu.proto.RegistersX86;
import io.podkit.criu.proto.ThreadInfoX86;
import io.podkit.criu.proto.VmaEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The few images of a dump that completing it looks at, with a page's number as its content. */
public final class HandmadeDump {
  public static final int ANONYMOUS = 0x22;
  public static final int LOCKED = 0x2022;
  public static final int OF_A_FILE = 0x2;

  private static final int COMMON = 0x54564319;
  private static final int MM = 0x57492820;
  private static final int CORE = 0x55053847;
  private static final int REGULAR = 1;
  private static final int FILE_PRIVATE = 1 << 6;
  private static final int ANONYMOUS_PRIVATE = 1 << 9;

  private final Path images;

  public HandmadeDump(Path images) {
    this.images = images;
  }

  public static VmaEntry area(long start, long end, int flags) {
    return VmaEntry.newBuilder()
        .setStart(start)
        .setEnd(end)
        .setShmid(0)
        .setFlags(flags)
        .setStatus(REGULAR | (flags == OF_A_FILE ? FILE_PRIVATE : ANONYMOUS_PRIVATE))
        .build();
  }

  /** What the kernel makes in each process. */
  static VmaEntry vdso(long start, long end) {
    return area(start, end, ANONYMOUS).toBuilder().setStatus(REGULAR | 1 << 3).build();
  }

  public void areas(long pid, VmaEntry... areas) throws IOException {
    write("mm-" + pid + ".img", MM, MmEntry.newBuilder().addAllVmas(List.of(areas)).build());
  }

  public void thread(long tid, long stackPointer) throws IOException {
    RegistersX86 registers = RegistersX86.newBuilder().setSp(stackPointer).build();
    write(
        "core-" + tid + ".img",
        CORE,
        CoreEntry.newBuilder().setX86(ThreadInfoX86.newBuilder().setGpregs(registers)).build());
  }

  private void write(String name, int magic, MessageLite record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer head = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(head.putInt(COMMON).putInt(magic).putInt(record.getSerializedSize()).array());
    record.writeTo(out);
    Files.write(images.resolve(name), out.toByteArray());
  }

  /** Pages that CRIU dumped itself, in {@code pages-ID.img}. */
  void dumped(long pid, int id, PageRun... runs) throws IOException {
    pagemap(pid, id, Set.of(PageFlag.PRESENT), runs);
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    for (PageRun run : runs) {
      for (long at = run.address(); at < run.end(); at += PageRun.PAGE_SIZE) {
        pages.writeBytes(page(-at));
      }
    }
    if (pages.size() > 0) {
      Files.write(images.resolve("pages-" + id + ".img"), pages.toByteArray());
    }
  }

  void pagemap(long pid, int id, Set<PageFlag> flags, PageRun... runs) throws IOException {
    try (PagemapWriter writer = new PagemapWriter(Files.newOutputStream(pagemap(pid)), id)) {
      for (PageRun run : runs) {
        writer.add(run, flags);
      }
    }
  }

  private Path pagemap(long pid) {
    return images.resolve(new MemoryImage(MemoryImage.Kind.TASK, pid).pagemapName());
  }

  PagemapImage readPagemap(long pid) throws IOException {
    try (InputStream in = Files.newInputStream(pagemap(pid))) {
      return PagemapImage.read(in);
    }
  }

  /** The numbers that the pages of a pages file are full of. */
  List<Long> readPages(String name) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(images.resolve(name)));
    long[] numbers = new long[bytes.remaining() / PageRun.PAGE_SIZE];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getLong(i * PageRun.PAGE_SIZE);
    }
    return Arrays.stream(numbers).boxed().toList();
  }

  static byte[] page(long number) {
    ByteBuffer page = ByteBuffer.allocate(PageRun.PAGE_SIZE);
    while (page.hasRemaining()) {
      page.putLong(number);
    }
    return page.array();
  }
}
