package io.podkit.core.api;

import java.util.Map;

/**
 * What the host that a pod leaves says of one of its volumes.
 *
 * @param destination which: its place in the pod
 * @param fileName the file's own name if the volume is a single file, empty for a directory
 * @param entries files and directories in it; -1 if they were not counted
 * @param bytes what it takes on disk; -1 if it was not measured
 * @param digest of its content, empty if it was not computed
 * @param labels of a named volume
 */
public record VolumeOffer(
    String destination,
    String fileName,
    long entries,
    long bytes,
    String digest,
    Map<String, String> labels) {

  /** Copies the labels; refuses what would lead elsewhere. */
  public VolumeOffer {
    labels = Map.copyOf(labels);
    if (fileName.contains("/") || fileName.equals(".") || fileName.equals("..")) {
      throw new IllegalArgumentException("'" + fileName + "' is not a file name");
    }
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return fileName.isEmpty();
  }

  /** Whether it was measured. */
  public boolean isMeasured() {
    return bytes >= 0;
  }

  /** The same, measured. */
  public VolumeOffer measured(long newEntries, long newBytes, String newDigest) {
    return new VolumeOffer(destination, fileName, newEntries, newBytes, newDigest, labels);
  }
}
