package io.podkit.fs.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.ImageConfig;
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
      @JsonProperty("User") @Nullable String user) {}

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

  ImageConfig imageConfig() {
    return config == null
        ? ImageConfig.EMPTY
        : new ImageConfig(
            Objects.requireNonNullElse(config.entrypoint, List.of()),
            Objects.requireNonNullElse(config.cmd, List.of()),
            Objects.requireNonNullElse(config.env, List.of()),
            absolute(orNull(config.workingDir)),
            orNull(config.user));
  }

  private static @Nullable String absolute(@Nullable String directory) {
    return directory == null || directory.startsWith("/") ? directory : "/" + directory;
  }

  private static @Nullable String orNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
