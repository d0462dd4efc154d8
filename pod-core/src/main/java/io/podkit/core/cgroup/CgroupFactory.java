package io.podkit.core.cgroup;

import io.podkit.core.api.PodName;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names the control groups of one host's pods, apart from those of another host on the same
 * machine. Thread-safe.
 */
public final class CgroupFactory {
  private final String prefix;
  private @Nullable CgroupLayout layout;

  public CgroupFactory(HostDirs dirs) {
    prefix = "podkit/" + tag(dirs);
  }

  /** Eight hex digits that tell hosts on one machine apart. */
  public static String tag(HostDirs dirs) {
    try {
      byte[] path =
          dirs.run().toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(path), 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public PodCgroup of(PodName name) throws PodkitException {
    return new PodCgroup(layout(), prefix + "/" + name);
  }

  public synchronized CgroupLayout layout() throws PodkitException {
    if (layout == null) {
      layout = CgroupLayout.detect();
    }
    return layout;
  }
}
