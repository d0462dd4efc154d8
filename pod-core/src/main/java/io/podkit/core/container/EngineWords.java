package io.podkit.core.container;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code podman container inspect} says of a container.
 *
 * @param image id of its image; empty without one
 * @param driver of the engine's storage
 * @param upper what it wrote; empty if it is not an overlay's
 * @param root its whole tree, where this host sees it; empty as before
 * @param bundle where its {@code config.json} lies
 * @param monitor pid of the process that takes its output
 * @param volumes names of the engine's volumes, by their place in the container
 * @param unit the systemd unit that runs it; empty without one
 * @param pod the engine's pod that it belongs to; empty without one
 * @param publishes whether ports of this host lead to it
 * @param entered whether a session of {@code podman exec} is on
 * @param unhealthy what the engine does to it when its health check fails, such as {@code restart};
 *     empty if nothing, or without a check
 */
record EngineWords(
    String image,
    String driver,
    Path upper,
    Path root,
    Path bundle,
    long monitor,
    Map<Path, String> volumes,
    String unit,
    String pod,
    boolean publishes,
    boolean entered,
    String unhealthy) {
  private static final String UNIT = "PODMAN_SYSTEMD_UNIT";

  EngineWords {
    volumes = Map.copyOf(volumes);
  }

  /** Null if they are of something else than one container. */
  static @Nullable EngineWords parse(JsonNode list) {
    JsonNode container = list.path(0);
    JsonNode files = container.path("GraphDriver");
    Path config = Path.of(container.path("OCIConfigPath").asText());
    if (list.size() != 1 || config.getParent() == null) {
      return null;
    }
    Map<Path, String> volumes = new HashMap<>();
    for (JsonNode mount : container.path("Mounts")) {
      if (mount.path("Type").asText().equals("volume")) {
        volumes.put(Path.of(mount.path("Destination").asText()), mount.path("Name").asText());
      }
    }
    boolean publishes = false;
    for (JsonNode port : container.path("NetworkSettings").path("Ports")) {
      publishes |= port.isArray() && !port.isEmpty();
    }
    return new EngineWords(
        container.path("Rootfs").asText().isEmpty() ? container.path("Image").asText() : "",
        files.path("Name").asText(),
        Path.of(files.path("Data").path("UpperDir").asText()),
        Path.of(files.path("Data").path("MergedDir").asText()),
        Objects.requireNonNull(config.getParent()),
        container.path("State").path("ConmonPid").asLong(),
        volumes,
        container.path("Config").path("Labels").path(UNIT).asText(),
        container.path("Pod").asText(),
        publishes,
        !container.path("ExecIDs").isEmpty(),
        unhealthy(container.path("Config")));
  }

  private static String unhealthy(JsonNode config) {
    JsonNode test = config.path("Healthcheck").path("Test");
    boolean checked = !test.isEmpty() && !test.path(0).asText().equals("NONE");
    String action = config.path("HealthcheckOnFailureAction").asText();
    return checked && !action.equals("none") ? action : "";
  }
}
