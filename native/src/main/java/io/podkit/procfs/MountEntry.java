package io.podkit.procfs;

import io.podkit.linux.Device;
import java.nio.file.Path;
import java.util.List;

/**
 * One mount, a line of /proc/PID/mountinfo.
 *
 * @param id its number, unique while it lives
 * @param parentId the mount it lies on
 * @param device the filesystem's device
 * @param root the directory of the filesystem that is mounted: {@code /} unless it is a bind
 * @param mountPoint where, seen from the reader's root
 * @param options of this mount: {@code rw}, {@code nosuid}
 * @param propagation {@code shared:N}, {@code master:N}; empty for a private mount
 * @param type the filesystem's type
 * @param source device or name
 * @param superOptions of the filesystem as a whole
 */
public record MountEntry(
    int id,
    int parentId,
    Device device,
    String root,
    Path mountPoint,
    List<String> options,
    List<String> propagation,
    String type,
    String source,
    List<String> superOptions) {

  /** Copies the lists. */
  public MountEntry {
    options = List.copyOf(options);
    propagation = List.copyOf(propagation);
    superOptions = List.copyOf(superOptions);
  }

  /** Whether the mount or its filesystem is read-only. */
  public boolean readOnly() {
    return options.contains("ro") || superOptions.contains("ro");
  }
}
