package io.podkit.core.host;

import io.podkit.core.api.HostCapacity;
import io.podkit.core.api.HostFacts;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads what a peer needs to know of this host. Reading and parsing are apart, so that parsing is
 * tested on text.
 */
final class FactsReader {
  private final HostDirs dirs;
  private final Path proc;

  FactsReader(HostDirs dirs, Path proc) {
    this.dirs = dirs;
    this.proc = proc;
  }

  HostFacts read(String criuVersion) throws PodkitException {
    try {
      return new HostFacts(
          hostname(),
          Files.readString(proc.resolve("sys/kernel/osrelease")).trim(),
          System.getProperty("os.arch"),
          criuVersion,
          cpuFlags(Files.readAllLines(proc.resolve("cpuinfo"))),
          memory("MemAvailable:", Files.readAllLines(proc.resolve("meminfo"))),
          Files.getFileStore(StorageProbe.nearestExisting(dirs.root())).getUsableSpace());
    } catch (IOException e) {
      throw PodkitException.io("cannot find out what this host has", e);
    }
  }

  private String hostname() throws IOException {
    String name = Files.readString(proc.resolve("sys/kernel/hostname")).trim();
    return name.isEmpty() ? InetAddress.getLoopbackAddress().getHostName() : name;
  }

  /** The flags that every processor has: {@code flags} on x86, {@code Features} on ARM. */
  static Set<String> cpuFlags(List<String> cpuinfo) {
    return cpuinfo.stream()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .map(flags -> Set.of(flags.split("\\s+", -1)))
        .reduce((a, b) -> a.stream().filter(b::contains).collect(Collectors.toSet()))
        .orElse(Set.of());
  }

  HostCapacity capacity() throws PodkitException {
    try {
      return new HostCapacity(
          Runtime.getRuntime().availableProcessors(),
          load(Files.readString(proc.resolve("loadavg"))),
          memory("MemTotal:", Files.readAllLines(proc.resolve("meminfo"))),
          Files.getFileStore(StorageProbe.nearestExisting(dirs.root())).getTotalSpace());
    } catch (IOException e) {
      throw PodkitException.io("cannot find out how much this host has", e);
    }
  }

  /** The average over a minute: the first word of {@code loadavg}; 0 if it is no number. */
  static double load(String loadavg) {
    String first = loadavg.trim().split("\\s+", 2)[0];
    return first.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") ? Double.parseDouble(first) : 0;
  }

  /** A line of {@code meminfo}, in bytes; 0 if the kernel does not say. */
  static long memory(String what, List<String> meminfo) {
    return meminfo.stream()
        .filter(line -> line.startsWith(what))
        .map(line -> line.split("\\s+", -1))
        .mapToLong(fields -> Long.parseLong(Arrays.asList(fields).get(1)) * 1024)
        .findFirst()
        .orElse(0);
  }
}
