package io.podkit.procfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The machine's processors, from /proc/cpuinfo.
 *
 * @param vendor {@code GenuineIntel}, {@code AuthenticAMD}; on ARM the implementer's code
 * @param model as sold; empty where the kernel does not say
 * @param flags instruction set extensions, sorted
 * @param count logical processors
 */
public record CpuInfo(String vendor, String model, Set<String> flags, int count) {

  /** Copies the set, keeping it sorted for people to read. */
  public CpuInfo {
    flags = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(flags));
  }

  /** Reads it now. */
  public static CpuInfo read(Path proc) throws IOException {
    return parse(ProcFile.read(proc.resolve("cpuinfo")));
  }

  static CpuInfo parse(String text) throws IOException {
    int count = (int) text.lines().filter(line -> line.startsWith("processor")).count();
    if (count == 0) {
      throw ProcFile.malformed("cpuinfo", "no processor");
    }
    Map<String, String> first = ProcFile.fields(text);
    String vendor = first.getOrDefault("vendor_id", first.getOrDefault("CPU implementer", ""));
    String flags = first.getOrDefault("flags", first.getOrDefault("Features", ""));
    return new CpuInfo(
        vendor,
        first.getOrDefault("model name", ""),
        flags.isBlank() ? Set.of() : new TreeSet<>(ProcFile.words(flags)),
        count);
  }
}
