package io.podkit.core.api;

/** Which user namespace a pod's processes live in. */
public enum UserNamespace {
  /**
   * Their own, identity-mapped: files keep their owners, root in the pod has no capability on the
   * host.
   */
  KEEP,
  /**
   * The host's: root in the pod is root on the host, limited only by its capabilities and
   * namespaces.
   */
  HOST
}
