package io.podkit.core.launch;

import io.podkit.core.api.Capability;
import io.podkit.core.api.PodSpec;
import io.podkit.core.api.UserNamespace;
import io.podkit.fs.api.FileOwners;

/**
 * Who a pod's users are on the host. Usually the same: files keep their owners. But a pod that may
 * mount can take away what covers {@code /proc/sys}, and to the files there whoever has uid 0 is
 * the host's root, whatever user namespace he is in. So in such a pod root is nobody's uid; see
 * docs/adr/0008.
 */
public final class PodOwners {

  private PodOwners() {}

  /** Whose the pod's processes and files are on any host. */
  public static FileOwners of(PodSpec spec) {
    boolean mayMount = spec.capabilities().contains(Capability.SYS_ADMIN);
    return mayMount && spec.userns() == UserNamespace.KEEP ? FileOwners.SHIFTED : FileOwners.SAME;
  }
}
