package io.podkit.core.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.PodName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's storage calls its containers: podman and CRI-O keep a list, {@code
 * containers.json}, beside the bundles of {@code overlay-containers}. Each list is read once; not
 * thread-safe, short-lived.
 */
final class EngineCatalog {
  private static final String FILE = "containers.json";

  private final ObjectMapper json;
  private final Map<Path, JsonNode> lists = new HashMap<>();

  EngineCatalog(ObjectMapper json) {
    this.json = json;
  }

  /**
   * One container.
   *
   * @param name what the user called it, or null if that is unknown or cannot be a pod's name
   * @param image the image's name, or null
   */
  record Entry(@Nullable String name, @Nullable String image) {
    static final Entry UNKNOWN = new Entry(null, null);
  }

  Entry find(String id, @Nullable Path bundle) {
    // .../overlay-containers/ID/userdata
    Path own = bundle == null ? null : bundle.getParent();
    Path store = own == null || !own.endsWith(id) ? null : own.getParent();
    if (store == null) {
      return Entry.UNKNOWN;
    }
    for (JsonNode container : lists.computeIfAbsent(store.resolve(FILE), this::read)) {
      if (container.path("id").asText().equals(id)) {
        return new Entry(
            legal(container.path("names").path(0).textValue()),
            metadata(container).path("image-name").textValue());
      }
    }
    return Entry.UNKNOWN;
  }

  private static @Nullable String legal(@Nullable String name) {
    return name != null && PodName.isLegal(name) ? name : null;
  }

  /** JSON in a string. */
  private JsonNode metadata(JsonNode container) {
    try {
      return json.readTree(container.path("metadata").asText("{}"));
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }

  private JsonNode read(Path file) {
    try {
      return json.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      return json.missingNode(); // the engine is just writing it, or keeps none
    }
  }
}
