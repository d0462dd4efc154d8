package io.podkit.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.HostCheck;
import io.podkit.core.api.PodName;
import io.podkit.core.store.EngineArchive;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What keeps this host's engine from taking a container, before anything is done. What the other
 * host says of it is a stranger's word: what it may show of this host is what its engine makes by
 * itself.
 */
public final class ContainerForecast {
  /** podman 4.3 is what this was made with; older ones write other archives. */
  private static final int LEAST_MAJOR = 4;

  /** crun restores through libcriu and not through a program that could be held. */
  private static final String RUNTIME = "runc";

  /** What podman binds into each container from files of its own. */
  private static final Set<String> ENGINE_BINDS =
      Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/.containerenv", "/dev/shm");

  private static final int SHORT_ID = 12;

  private final PodmanHost podman;
  private final ObjectMapper json;

  public ContainerForecast(PodmanHost podman, ObjectMapper json) {
    this.podman = podman;
    this.json = json;
  }

  /** Empty if nothing does. */
  public List<HostCheck> blockers(PodName name, EngineArchive archive) throws PodkitException {
    List<HostCheck> found = new ArrayList<>(ofContainer(name, archive));
    String version;
    try {
      version = podman.version();
    } catch (PodkitException e) {
      found.add(
          blocks(
              "podman",
              "cannot be called here: " + e.what(),
              "apt install podman runc, or podman.json"));
      return found;
    }
    if (major(version) < LEAST_MAJOR) {
      found.add(blocks("podman", "is of version " + version, "install podman 4.3 or newer"));
    }
    String runtime = podman.runtime();
    if (!runtime.equals(RUNTIME)) {
      found.add(
          blocks(
              "podman",
              "starts containers with " + runtime + ", whose restore cannot be held",
              "say --runtime runc in podman.json, or runtime = \"runc\" in containers.conf"));
    }
    if (podman.hasContainer(name)) {
      found.add(
          blocks(
              "container " + name,
              "is there already",
              "remove or rename the one there: podman rename " + name));
    }
    if (!podman.hasImage(archive.imageId())) {
      String id = archive.imageId().substring(0, Math.min(SHORT_ID, archive.imageId().length()));
      found.add(
          blocks(
              "image " + id,
              "is not in podman's store there",
              "podman save " + id + " | ssh HOST podman load"));
    }
    return found;
  }

  private static int major(String version) {
    try {
      return Integer.parseInt(version.split("\\.", -1)[0]);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private List<HostCheck> ofContainer(PodName name, EngineArchive archive) throws PodkitException {
    try {
      return refusals(
          "container " + name, json.readTree(archive.config()), json.readTree(archive.spec()));
    } catch (IOException e) {
      throw PodkitException.of(
          ErrorKind.PEER, "what the other host says of container " + name + " is not understood");
    }
  }

  /** Of both descriptions, since podman takes something of each. */
  static List<HostCheck> refusals(String subject, JsonNode config, JsonNode spec) {
    List<HostCheck> found = new ArrayList<>();
    Set<String> binds = new TreeSet<>();
    for (JsonNode of : List.of(config.path("spec"), spec)) {
      for (JsonNode mount : of.path("mounts")) {
        String place = mount.path("destination").asText();
        boolean bind = mount.path("type").asText().equals("bind") || isBind(mount.path("options"));
        if (bind && !ENGINE_BINDS.contains(place)) {
          binds.add(place);
        }
      }
    }
    for (String key : List.of("namedVolumes", "overlayVolumes", "imageVolumes")) {
      config.path(key).forEach(volume -> binds.add(volume.path("dest").asText()));
    }
    if (!binds.isEmpty()) {
      found.add(
          blocks(
              subject,
              "has volumes, which do not travel to another engine: " + String.join(" ", binds),
              "move it as a pod: without --engine podman"));
    }
    if (config.path("privileged").asBoolean() || !spec.path("linux").path("devices").isEmpty()) {
      found.add(
          blocks(
              subject,
              "is privileged or has devices of its host",
              "start it without --privileged and --device"));
    }
    return found;
  }

  private static boolean isBind(JsonNode options) {
    for (JsonNode option : options) {
      if (option.asText().equals("bind") || option.asText().equals("rbind")) {
        return true;
      }
    }
    return false;
  }

  private static HostCheck blocks(String subject, String finding, String cure) {
    return new HostCheck(subject, HostCheck.Level.BLOCKS, finding, cure);
  }
}
