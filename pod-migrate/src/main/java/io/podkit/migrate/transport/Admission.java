package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Counts who is being let in and who is in. Thread-safe. */
final class Admission {

  private final ServerLimits limits;

  @GuardedBy("this")
  private final Map<InetAddress, Integer> shaking = new HashMap<>();

  @GuardedBy("this")
  private int handshakes;

  @GuardedBy("this")
  private int connections;

  Admission(ServerLimits limits) {
    this.limits = limits;
  }

  /** Whether a caller from there may try; if so {@link #endHandshake} must follow. */
  synchronized boolean beginHandshake(InetAddress from) {
    int same = shaking.getOrDefault(from, 0);
    if (handshakes >= limits.handshakes()
        || same >= limits.handshakesPerAddress()
        || connections >= limits.connections()) {
      return false;
    }
    handshakes++;
    connections++;
    shaking.put(from, same + 1);
    return true;
  }

  synchronized void endHandshake(InetAddress from) {
    handshakes--;
    shaking.merge(from, -1, (old, change) -> old + change == 0 ? null : old + change);
  }

  synchronized void leave() {
    connections--;
  }
}
