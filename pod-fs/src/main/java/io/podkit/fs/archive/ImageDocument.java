package io.podkit.fs.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ExposedPort;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.LayerDigest;
import io.podkit.linux.SignalName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an image, as OCI and docker write it alike.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">its format</a>
 */
record ImageDocument(
    @Nullable String architecture,
    @Nullable String os,
    @Nullable Config config,
    @Nullable RootFs rootfs,
    @Nullable List<Step> history) {

  /** What is said about running it. */
  record Config(
      @JsonProperty("Entrypoint") @Nullable List<String> entrypoint,
      @JsonProperty("Cmd") @Nullable List<String> cmd,
      @JsonProperty("Env") @Nullable List<String> env,
      @JsonProperty("WorkingDir") @Nullable String workingDir,
      @JsonProperty("User") @Nullable String user,
      @JsonProperty("StopSignal") @Nullable String stopSignal,
      @JsonProperty("ExposedPorts") @Nullable Map<String, Object> exposedPorts,
      @JsonProperty("Volumes") @Nullable Map<String, Object> volumes,
      @JsonProperty("Labels") @Nullable Map<String, String> labels) {}

  /** What it is made of. */
  record RootFs(@JsonProperty("diff_ids") @Nullable List<String> diffIds) {}

  /** A step by which it was made. */
  record Step(
      @Nullable String created,
      @JsonProperty("created_by") @Nullable String createdBy,
      @Nullable String author,
      @Nullable String comment,
      @JsonProperty("empty_layer") @Nullable Boolean emptyLayer) {

    boolean hasLayer() {
      return emptyLayer == null || !emptyLayer;
    }

    HistoryEntry toEntry(@Nullable LayerDigest layer) {
      return new HistoryEntry(
          time(created),
          Objects.requireNonNullElse(createdBy, ""),
          Objects.requireNonNullElse(author, ""),
          Objects.requireNonNullElse(comment, ""),
          layer);
    }

    private static @Nullable Instant time(@Nullable String text) {
      try {
        return text == null ? null : OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        return null; // a note like the others: nothing depends on it
      }
    }
  }

  /** Throws if no program of it could run here. */
  void requireOwnPlatform() throws PodkitException {
    String own = ImagePlatform.architecture();
    String forOs = Objects.requireNonNullElse(os, ImagePlatform.OS);
    String forArch = Objects.requireNonNullElse(architecture, own);
    if (!forOs.equals(ImagePlatform.OS) || !forArch.equals(own)) {
      throw ArchiveFiles.refused(
          "it is for " + forOs + "/" + forArch + ", this host is linux/" + own);
    }
  }

  /** The digests of its layers, the lowest first. */
  List<String> diffIds() {
    return rootfs == null || rootfs.diffIds == null ? List.of() : rootfs.diffIds;
  }

  /** How it was made, if what it says of that can be true. */
  List<HistoryEntry> history(List<LayerDigest> layers) {
    List<HistoryEntry> entries = new ArrayList<>();
    int used = 0;
    for (Step step : Objects.requireNonNullElse(history, List.<Step>of())) {
      boolean hasLayer = step.hasLayer() && used < layers.size();
      entries.add(step.toEntry(hasLayer ? layers.get(used) : null));
      used += step.hasLayer() ? 1 : 0;
    }
    return used == layers.size() ? entries : List.of();
  }

  /** What it says about running it; throws if that could not be followed. */
  ImageConfig imageConfig() throws PodkitException {
    return config == null
        ? ImageConfig.EMPTY
        : new ImageConfig(
            Objects.requireNonNullElse(config.entrypoint, List.of()),
            Objects.requireNonNullElse(config.cmd, List.of()),
            Objects.requireNonNullElse(config.env, List.of()),
            absolute(orNull(config.workingDir)),
            orNull(config.user),
            stopSignal(orNull(config.stopSignal)),
            ports(names(config.exposedPorts)),
            names(config.volumes),
            Objects.requireNonNullElse(config.labels, Map.of()));
  }

  private static List<String> names(@Nullable Map<String, Object> set) {
    return set == null ? List.of() : List.copyOf(set.keySet());
  }

  private static @Nullable String stopSignal(@Nullable String text) throws PodkitException {
    try {
      return text == null ? null : SignalName.of(SignalName.parse(text));
    } catch (IllegalArgumentException e) {
      throw ArchiveFiles.refused("its stop signal " + e.getMessage());
    }
  }

  private static List<String> ports(List<String> texts) throws PodkitException {
    try {
      return texts.stream().map(ExposedPort::parse).toList();
    } catch (IllegalArgumentException e) {
      throw ArchiveFiles.refused("what it exposes, " + e.getMessage());
    }
  }

  private static @Nullable String absolute(@Nullable String directory) {
    return directory == null || directory.startsWith("/") ? directory : "/" + directory;
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
