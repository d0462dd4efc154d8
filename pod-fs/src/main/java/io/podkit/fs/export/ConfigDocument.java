package io.podkit.fs.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.archive.ImagePlatform;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an image, as OCI and docker write it alike.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">its format</a>
 */
final class ConfigDocument {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ConfigDocument() {}

  /** The document, members always in the same order. */
  static byte[] of(Image image, List<ArchiveForm.LayerFile> layers) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("architecture", ImagePlatform.architecture());
    document.put("os", ImagePlatform.OS);
    document.put("created", image.created().toString());
    document.put("config", config(image.config()));
    document.put(
        "rootfs",
        ordered("type", "layers", "diff_ids", layers.stream().map(l -> l.diffId()).toList()));
    document.put("history", history(image));
    return json(document);
  }

  /** JSON of maps and lists. */
  static byte[] json(Object document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and texts can be written", e);
    }
  }

  /** A map in that order; values that are null or empty are left out. */
  static Map<String, Object> ordered(@Nullable Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      Object value = pairs[i + 1];
      boolean empty =
          value == null
              || value.equals("")
              || (value instanceof Collection<?> list && list.isEmpty())
              || (value instanceof Map<?, ?> members && members.isEmpty());
      if (!empty) {
        map.put(String.valueOf(pairs[i]), value);
      }
    }
    return map;
  }

  private static Map<String, Object> config(ImageConfig config) {
    return ordered(
        "User", config.user(),
        "ExposedPorts", set(config.exposedPorts()),
        "Env", config.environment(),
        "Entrypoint", config.entrypoint(),
        "Cmd", config.command(),
        "Volumes", set(config.volumes()),
        "WorkingDir", config.workingDirectory(),
        "Labels", config.labels(),
        "StopSignal", config.stopSignal());
  }

  private static Map<String, Object> set(List<String> names) {
    Map<String, Object> set = new LinkedHashMap<>();
    names.forEach(name -> set.put(name, Map.of()));
    return set;
  }

  /** As many steps with a layer as there are layers, in their order: readers insist on it. */
  private static List<Map<String, Object>> history(Image image) {
    List<HistoryEntry> steps = image.history();
    boolean fits =
        steps.stream()
            .map(HistoryEntry::layer)
            .filter(l -> l != null)
            .toList()
            .equals(image.layers());
    if (!fits) {
      steps = image.layers().stream().map(l -> new HistoryEntry(null, "", "", "", l)).toList();
    }
    List<Map<String, Object>> written = new ArrayList<>();
    for (HistoryEntry step : steps) {
      written.add(
          ordered(
              "created", step.created() == null ? null : step.created().toString(),
              "created_by", step.createdBy(),
              "author", step.author(),
              "comment", step.comment(),
              "empty_layer", step.layer() == null ? Boolean.TRUE : null));
    }
    return written;
  }

  /** An image's name with its tag, as other tools expect it. */
  static String reference(Image image) {
    String name = image.name().value();
    boolean tagged = name.indexOf(':', name.lastIndexOf('/') + 1) >= 0;
    return tagged ? name : name + ":latest";
  }
}
