package io.podkit.fs.archive;

import java.util.Map;

/** This host, as images call it. */
public final class ImagePlatform {
  /** The only one there is. */
  public static final String OS = "linux";

  /** What Java calls a processor, and what images call it. */
  private static final Map<String, String> PROCESSORS =
      Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64");

  private ImagePlatform() {}

  /** The processor. */
  public static String architecture() {
    String arch = System.getProperty("os.arch");
    return PROCESSORS.getOrDefault(arch, arch);
  }
}
