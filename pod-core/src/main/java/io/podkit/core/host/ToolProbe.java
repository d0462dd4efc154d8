package io.podkit.core.host;

import static io.podkit.core.host.Findings.blocks;
import static io.podkit.core.host.Findings.ok;

import io.podkit.core.api.HostCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Programs that Podkit calls, and which Debian package brings each. */
final class ToolProbe implements Probe {
  private static final Map<String, String> TOOLS =
      new TreeMap<>(
          Map.of(
              "ip", "iproute2",
              "nft", "nftables",
              "nsenter", "util-linux",
              "mksquashfs", "squashfs-tools",
              "sqfstar", "squashfs-tools",
              "mount", "mount",
              "kill", "procps"));

  private final List<Path> searchPath;

  /**
   * A probe of one host.
   *
   * @param searchPath directories to look in
   */
  ToolProbe(List<Path> searchPath) {
    this.searchPath = searchPath;
  }

  @Override
  public List<HostCheck> look() {
    List<String> found = new ArrayList<>();
    List<HostCheck> checks = new ArrayList<>();
    TOOLS.forEach(
        (tool, debianPackage) -> {
          if (searchPath.stream()
              .anyMatch(directory -> Files.isExecutable(directory.resolve(tool)))) {
            found.add(tool);
          } else {
            checks.add(
                blocks(tool, "not found on PATH", "install it: apt install " + debianPackage));
          }
        });
    checks.add(0, ok("tools", String.join(" ", found)));
    return checks;
  }
}
