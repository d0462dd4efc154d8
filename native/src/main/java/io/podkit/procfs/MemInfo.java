package io.podkit.procfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The machine's memory, from /proc/meminfo, in bytes.
 *
 * @param total RAM
 * @param available what can be used without swapping; since Linux 3.14
 * @param swapTotal swap space
 * @param swapFree unused swap space
 */
public record MemInfo(long total, long available, long swapTotal, long swapFree) {

  private static final int KIB = 1024;

  /** Reads it now. */
  public static MemInfo read(Path proc) throws IOException {
    return parse(ProcFile.read(proc.resolve("meminfo")));
  }

  static MemInfo parse(String text) throws IOException {
    Map<String, String> fields = ProcFile.fields(text);
    return new MemInfo(
        bytes(fields, "MemTotal"),
        bytes(fields, "MemAvailable"),
        bytes(fields, "SwapTotal"),
        bytes(fields, "SwapFree"));
  }

  private static long bytes(Map<String, String> fields, String name) throws IOException {
    String value = fields.getOrDefault(name, "");
    if (!value.matches("\\d{1,15} kB")) {
      throw ProcFile.malformed("meminfo", name + ": " + value);
    }
    return Long.parseLong(value.substring(0, value.indexOf(' '))) * KIB;
  }
}
