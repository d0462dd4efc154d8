package io.podkit.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podkit.core.store.EngineArchive;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The archive that {@code podman container restore --import} is given: what the other host's podman
 * wrote, less what is true only there, and in place of CRIU's images a stand-in, for podman looks
 * whether there are any. CRIU is given the real ones by us.
 */
final class RestoreArchive {
  /** Paths of the other host's store, which podman finds by itself where they are missing. */
  private static final List<String> PLACES =
      List.of(
          "ShmDir",
          "conmonPidFile",
          "logPath",
          "mounts",
          "pid_file",
          "secretsPath",
          "staticDir",
          "exitCommand");

  /** The network is ours: a namespace that is there already. */
  private static final List<String> NETWORK =
      List.of(
          "networks",
          "newNetworks",
          "networkOptions",
          "network_options",
          "newPortMappings",
          "portMappings",
          "staticIP",
          "staticMAC");

  private RestoreArchive() {}

  /**
   * Writes it.
   *
   * @param hook how the hook of this host is called; empty for none
   * @param directory an empty one, for its parts
   * @param network the namespace that the container is to be in
   */
  static Path write(
      EngineArchive from,
      String migration,
      Path network,
      List<String> hook,
      Path directory,
      ObjectMapper json)
      throws PodkitException {
    try {
      ObjectNode config = object(json.readTree(from.config()));
      PLACES.forEach(config::remove);
      NETWORK.forEach(config::remove);
      config.put("createNetNS", false);
      ObjectNode labels = config.withObject("/labels");
      labels.put(PodmanHost.LABEL, migration);
      enter(config.path("spec"), network);
      ObjectNode spec = object(json.readTree(from.spec()));
      setHook(spec, hook);
      enter(spec, network);
      Path parts = Files.createDirectories(directory.resolve("parts"));
      Path images = Files.createDirectories(parts.resolve("checkpoint"));
      Files.write(parts.resolve("config.dump"), json.writeValueAsBytes(config));
      Files.write(parts.resolve("spec.dump"), json.writeValueAsBytes(spec));
      Files.writeString(parts.resolve("network.status"), "null");
      Files.writeString(images.resolve("descriptors.json"), from.descriptors());
      Files.write(images.resolve("inventory.img"), new byte[0]);
      Path archive = directory.resolve("checkpoint.tar");
      Command.of("tar", "--create", "--file", archive, "--directory", parts, ".")
          .runOrThrow("cannot write an archive for podman");
      return archive;
    } catch (IOException e) {
      throw PodkitException.io("cannot write an archive for podman", e);
    }
  }

  private static ObjectNode object(JsonNode node) throws PodkitException {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw PodkitException.of(ErrorKind.PEER, "the source sent no description of its container");
  }

  /** Nothing that the other host names is executed here, and podman adds none to what it takes. */
  private static void setHook(ObjectNode spec, List<String> hook) {
    spec.remove("hooks");
    if (!hook.isEmpty()) {
      ObjectNode call = spec.putObject("hooks").putArray("createRuntime").addObject();
      call.put("path", hook.get(0));
      hook.subList(1, hook.size()).forEach(call.withArray("/args")::add);
    }
  }

  private static void enter(JsonNode spec, Path network) {
    for (JsonNode namespace : spec.path("linux").path("namespaces")) {
      if (namespace instanceof ObjectNode found && found.path("type").asText().equals("network")) {
        found.put("path", network.toString());
      }
    }
  }
}
