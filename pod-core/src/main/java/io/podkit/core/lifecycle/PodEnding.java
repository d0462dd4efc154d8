package io.podkit.core.lifecycle;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodState;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Watches one run of a pod for its end, told apart from its leaving this host. */
final class PodEnding implements CommandStreams.Ending {
  /** The monitor writes the exit status a moment after the process is gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PodName name;
  private final PodStore store;
  private final PodObserver observer;
  private final InitProcess init;
  private long goneSince;

  PodEnding(PodRecord record, InitProcess init, PodStore store, PodObserver observer) {
    this.name = record.name();
    this.init = init;
    this.store = store;
    this.observer = observer;
  }

  @Override
  public OptionalInt poll() throws PodkitException {
    Optional<PodRecord> now = store.find(name);
    if (now.isPresent() && now.get().state() == PodState.EXITED) { // somebody has settled it
      return OptionalInt.of(observer.exitCode(now.get()).orElse(128 + PodSignals.SIGKILL));
    }
    if (now.isEmpty() || !init.equals(now.get().init())) {
      throw PodkitException.of(
          ErrorKind.MOVED,
          "pod " + name + " was moved or removed while its output was watched",
          new Hint("it goes on: follow it on its new host with pod logs -f " + name));
    }
    if (isLeaving(now.get()) || observer.isAlive(now.get())) {
      return OptionalInt.empty();
    }
    OptionalInt code = observer.exitCode(now.get());
    if (code.isEmpty() && !waitedLongEnough()) {
      return OptionalInt.empty();
    }
    // Its monitor died too: nobody knows, and 137 is what a kill looks like.
    return OptionalInt.of(code.orElse(128 + PodSignals.SIGKILL));
  }

  /** Its processes end here then also when it goes on elsewhere: the record will tell. */
  private static boolean isLeaving(PodRecord record) {
    return record.state().isDeparting();
  }

  private boolean waitedLongEnough() {
    long now = System.nanoTime();
    if (goneSince == 0) {
      goneSince = now;
    }
    return now - goneSince > PATIENCE.toNanos();
  }

  @Override
  public void signal(int signal) throws PodkitException {
    PodSignals.toCommand(init, signal);
  }

  @Override
  public void cleanUp() {
    // The pod's output is its log and stays.
  }
}
