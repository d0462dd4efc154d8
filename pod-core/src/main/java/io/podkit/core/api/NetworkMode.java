package io.podkit.core.api;

/** How a pod is connected. */
public enum NetworkMode {
  /** A veth pair into the host's pod bridge, with an address and a MAC that stay with the pod. */
  BRIDGE,
  /** Only the loopback device. */
  NONE
}
