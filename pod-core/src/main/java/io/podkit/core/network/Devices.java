package io.podkit.core.network;

import io.podkit.error.PodkitException;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * Network devices of the namespace this process lives in. Not through /sys, which shows the
 * namespace it was mounted in.
 */
final class Devices {
  private Devices() {}

  static boolean exists(String name) throws PodkitException {
    try {
      return NetworkInterface.getByName(name) != null;
    } catch (SocketException e) {
      throw PodkitException.io("cannot look for network device " + name, e);
    }
  }
}
