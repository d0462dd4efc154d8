package io.podkit.fs.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ExposedPort;
import io.podkit.fs.api.ImageConfig;
import io.podkit.linux.SignalName;
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
    @Nullable RootFs rootfs) {

  /** What Java calls a processor, and what images call it. */
  private static final Map<String, String> PROCESSORS =
      Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64");

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

  /** The processor of this host, as images call it. */
  static String ownArchitecture() {
    String arch = System.getProperty("os.arch");
    return PROCESSORS.getOrDefault(arch, arch);
  }

  /** Throws if no program of it could run here. */
  void requireOwnPlatform() throws PodkitException {
    String forOs = Objects.requireNonNullElse(os, "linux");
    String forArch = Objects.requireNonNullElse(architecture, ownArchitecture());
    if (!forOs.equals("linux") || !forArch.equals(ownArchitecture())) {
      throw ArchiveFiles.refused(
          "it is for " + forOs + "/" + forArch + ", this host is linux/" + ownArchitecture());
    }
  }

  /** The digests of its layers, the lowest first. */
  List<String> diffIds() {
    return rootfs == null || rootfs.diffIds == null ? List.of() : rootfs.diffIds;
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
