package io.podkit.core.host;

import static io.podkit.core.host.Findings.note;
import static io.podkit.core.host.Findings.ok;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.HostCheck;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which ways the kernel has to tell the pages a running pod writes to; without one, memory moves
 * only while it stands still.
 */
final class TrackerProbe implements Probe {
  private static final String SUBJECT = "memory tracker";

  private final Path podInit;

  TrackerProbe(Path podInit) {
    this.podInit = podInit;
  }

  @Override
  public List<HostCheck> look() {
    try {
      JsonNode found =
          new ObjectMapper()
              .readTree(Command.of(podInit, "probe").runOrThrow("probe the kernel").stdout());
      boolean async =
          found.path("uffdWpAsync").asBoolean() && found.path("pagemapScan").asBoolean();
      if (async) {
        return List.of(ok(SUBJECT, "userfaultfd write-protect-async with PAGEMAP_SCAN"));
      }
      return found.path("softDirty").asBoolean()
          ? List.of(ok(SUBJECT, "soft-dirty"))
          : List.of(
              note(
                  SUBJECT,
                  "none: memory can only be moved while the pod stands still",
                  "use Linux 6.7 or newer"));
    } catch (PodkitException | IOException e) {
      return List.of(
          note(
              SUBJECT,
              "could not be probed: " + e.getMessage(),
              "check that " + podInit + " can be executed"));
    }
  }
}
