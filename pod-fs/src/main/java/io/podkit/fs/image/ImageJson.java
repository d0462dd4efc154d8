package io.podkit.fs.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.podkit.fs.api.HistoryEntry;
import io.podkit.fs.api.Image;
import io.podkit.fs.api.ImageConfig;
import io.podkit.fs.api.ImageName;
import io.podkit.fs.api.LayerDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An image as it stands in its file. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record ImageJson(
    int schemaVersion,
    String name,
    List<String> layers,
    String created,
    long size,
    @Nullable Config config,
    @Nullable List<Step> history) {

  static final int SCHEMA = 1;

  /** An image's configuration; a member that is missing is empty. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Config(
      @Nullable List<String> entrypoint,
      @Nullable List<String> cmd,
      @Nullable List<String> env,
      @Nullable String workdir,
      @Nullable String user,
      @Nullable String stopSignal,
      @Nullable List<String> exposedPorts,
      @Nullable List<String> volumes,
      @Nullable Map<String, String> labels) {

    static Config of(ImageConfig c) {
      return new Config(
          c.entrypoint(),
          c.command(),
          c.environment(),
          c.workingDirectory(),
          c.user(),
          c.stopSignal(),
          c.exposedPorts(),
          c.volumes(),
          c.labels());
    }

    ImageConfig toConfig() {
      return new ImageConfig(
          Objects.requireNonNullElse(entrypoint, List.of()),
          Objects.requireNonNullElse(cmd, List.of()),
          Objects.requireNonNullElse(env, List.of()),
          workdir,
          user,
          stopSignal,
          Objects.requireNonNullElse(exposedPorts, List.of()),
          Objects.requireNonNullElse(volumes, List.of()),
          Objects.requireNonNullElse(labels, Map.of()));
    }
  }

  /** A step of its history. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Step(
      @Nullable String created,
      @Nullable String createdBy,
      @Nullable String author,
      @Nullable String comment,
      @Nullable String layer) {

    static Step of(HistoryEntry entry) {
      return new Step(
          entry.created() == null ? null : entry.created().toString(),
          entry.createdBy(),
          entry.author(),
          entry.comment(),
          entry.layer() == null ? null : entry.layer().toString());
    }

    HistoryEntry toEntry() {
      return new HistoryEntry(
          created == null ? null : parse(created),
          Objects.requireNonNullElse(createdBy, ""),
          Objects.requireNonNullElse(author, ""),
          Objects.requireNonNullElse(comment, ""),
          layer == null ? null : LayerDigest.parse(layer));
    }
  }

  static ImageJson of(Image image) {
    return new ImageJson(
        SCHEMA,
        image.name().value(),
        image.layers().stream().map(LayerDigest::toString).toList(),
        image.created().toString(),
        image.size(),
        Config.of(image.config()),
        image.history().stream().map(Step::of).toList());
  }

  /**
   * The image that stands in the file.
   *
   * @throws IllegalArgumentException if a part is missing or malformed
   */
  Image toImage() {
    if (schemaVersion != SCHEMA) {
      throw new IllegalArgumentException("schema version " + schemaVersion);
    }
    return new Image(
        new ImageName(Objects.requireNonNullElse(name, "")),
        Objects.requireNonNullElse(layers, List.<String>of()).stream()
            .map(LayerDigest::parse)
            .toList(),
        parse(created),
        size,
        config == null ? ImageConfig.EMPTY : config.toConfig(),
        Objects.requireNonNullElse(history, List.<Step>of()).stream().map(Step::toEntry).toList());
  }

  private static Instant parse(@Nullable String time) {
    try {
      return Instant.parse(Objects.requireNonNullElse(time, ""));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("malformed time " + time, e);
    }
  }
}
