package io.podkit.fs.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes images as other tools save them, honest or not. */
public final class SavedImage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<byte[]> layers = new ArrayList<>();
  private final List<String> diffIds = new ArrayList<>();
  private Map<String, Object> config = Map.of();
  private String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";

  public SavedImage layer(HandmadeTar tar) throws Exception {
    layers.add(tar.bytes());
    diffIds.add(digest(tar.bytes()));
    return this;
  }

  /** The last layer is said to have another digest than it has. */
  public SavedImage damaged() {
    diffIds.set(diffIds.size() - 1, "sha256:" + "0".repeat(64));
    return this;
  }

  public SavedImage config(Map<String, Object> what) {
    config = what;
    return this;
  }

  public SavedImage architecture(String other) {
    architecture = other;
    return this;
  }

  private Map<String, Object> document() {
    return Map.of(
        "architecture",
        architecture,
        "os",
        "linux",
        "config",
        config,
        "rootfs",
        Map.of("type", "layers", "diff_ids", diffIds));
  }

  /** The configuration document. */
  public byte[] documentJson() throws Exception {
    return JSON.writeValueAsBytes(document());
  }

  /** The layers' tar files, not packed. */
  public List<byte[]> layers() {
    return List.copyOf(layers);
  }

  /** As docker does, in a directory. */
  public Path docker(Path directory, String tag) throws Exception {
    Files.createDirectories(directory);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      names.add("layer" + i + ".tar");
      Files.write(directory.resolve(names.get(i)), layers.get(i));
    }
    Files.write(directory.resolve("config.json"), JSON.writeValueAsBytes(document()));
    Map<String, Object> entry =
        Map.of("Config", "config.json", "RepoTags", List.of(tag), "Layers", names);
    Files.write(directory.resolve("manifest.json"), JSON.writeValueAsBytes(List.of(entry)));
    return directory;
  }

  /** As OCI says, in a directory that may hold others already; layers are packed. */
  public Path oci(Path directory, String reference) throws Exception {
    Files.createDirectories(directory.resolve("blobs/sha256"));
    List<Object> packed = new ArrayList<>();
    for (byte[] layer : layers) {
      packed.add(blob(directory, gzip(layer), "application/vnd.oci.image.layer.v1.tar+gzip"));
    }
    Object document =
        blob(
            directory,
            JSON.writeValueAsBytes(document()),
            "application/vnd.oci.image.config.v1+json");
    Map<String, Object> manifest =
        blob(
            directory,
            JSON.writeValueAsBytes(Map.of("config", document, "layers", packed)),
            "application/vnd.oci.image.manifest.v1+json");
    manifest.put("annotations", Map.of("org.opencontainers.image.ref.name", reference));
    List<Object> all = new ArrayList<>();
    Path index = directory.resolve("index.json");
    if (Files.exists(index)) {
      JSON.readTree(index.toFile()).get("manifests").forEach(all::add);
    }
    all.add(manifest);
    Files.write(index, JSON.writeValueAsBytes(Map.of("manifests", all)));
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    return directory;
  }

  private static Map<String, Object> blob(Path directory, byte[] content, String mediaType)
      throws Exception {
    String digest = digest(content);
    Files.write(directory.resolve("blobs/sha256").resolve(digest.substring(7)), content);
    Map<String, Object> descriptor = new LinkedHashMap<>();
    descriptor.put("mediaType", mediaType);
    descriptor.put("digest", digest);
    descriptor.put("size", content.length);
    return descriptor;
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packing = new GZIPOutputStream(out)) {
      packing.write(content);
    }
    return out.toByteArray();
  }

  public static String digest(byte[] content) throws Exception {
    return "sha256:"
        + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
