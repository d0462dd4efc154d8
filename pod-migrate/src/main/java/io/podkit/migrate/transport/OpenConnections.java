package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything that must be cut when an agent stops. Thread-safe. */
final class OpenConnections {

  @GuardedBy("this")
  private final Map<Object, Runnable> cuts = new HashMap<>();

  @GuardedBy("this")
  private boolean stopped;

  /** Enters something that {@code cut} ends; once the agent has stopped, it is ended at once. */
  void add(Object what, Runnable cut) {
    synchronized (this) {
      if (!stopped) {
        cuts.put(what, cut);
        return;
      }
    }
    cut.run();
  }

  synchronized void remove(Object what) {
    cuts.remove(what);
  }

  synchronized int count() {
    return cuts.size();
  }

  void cutAll() {
    List<Runnable> all;
    synchronized (this) {
      stopped = true;
      all = List.copyOf(cuts.values());
    }
    all.forEach(Runnable::run); // each removes itself
  }
}
