package io.podkit.migrate.check;

import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.RunningPod;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.policy.Abilities;
import io.podkit.migrate.memory.policy.Abilities.Ability;
import io.podkit.migrate.memory.policy.Limits;
import io.podkit.migrate.memory.tracking.MemoryTracker;
import io.podkit.migrate.memory.tracking.TrackerChoice;
import io.podkit.migrate.protocol.MigrationId;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Measures with what a migration would track with; holds the pod's lock for that time. */
public final class TrackedDirtyRate implements DirtyRateMeter {
  private final PodRuntime runtime;

  public TrackedDirtyRate(PodRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Measured measure(PodName name, Duration time) throws PodkitException {
    try (RunningPod pod = runtime.departures().look(name, MigrationId.random().hex())) {
      TrackerChoice choice = TrackerChoice.of(pod.processes(), runtime.podInit());
      MemoryTracker tracker = choice.tracker();
      if (tracker == null) {
        return measured(
            new DirtyWatch.Seen(pod.memoryBytes(), List.of()),
            Abilities.NO_TRACKER,
            choice.reason());
      }
      try (tracker) {
        DirtyWatch watch = new DirtyWatch(tracker, System::nanoTime, TrackedDirtyRate::sleepUntil);
        return measured(watch.watch(time), tracker.name(), choice.reason());
      }
    }
  }

  private static Measured measured(DirtyWatch.Seen seen, String tracker, String reason) {
    return new Measured(
        seen.memoryBytes(),
        seen.curve(),
        Limits.SMALL_PODS_COST,
        tracker,
        reason,
        Set.of(Ability.PAGE_ROUNDS));
  }

  private static void sleepUntil(long nanos) throws PodkitException {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PodkitException.cancelled("measuring the pod was cancelled");
    }
  }
}
