package io.podkit.migrate.engine;

import io.podkit.core.api.Departure;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodProcesses;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.resource.UndoStack;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every pod that a dead process left in a migration, and finishes or undoes it as its
 * records say.
 */
public final class CrashRecovery implements Recovery {
  private final PodRuntime runtime;
  private final Journal journal;
  private final TargetRecovery targets;
  private final StatusQuestion question;
  private final Lenders lenders;
  private final Duration patience;
  private final Clock clock;

  /** Asks a target; only a pod in doubt needs that, and the keys it takes. */
  @FunctionalInterface
  public interface StatusQuestion {
    /** What the agent there says became of the migration. */
    MigrationState ask(AgentAddress agent, MigrationId migration) throws PodkitException;
  }

  /** Reaches a target that waits for memory; only that needs its keys. */
  @FunctionalInterface
  public interface Lenders {
    /** One that gives the memory of those processes to that migration's target. */
    Lending lend(JournalEntry migration, PodProcesses processes) throws PodkitException;
  }

  /**
   * Recovery on one host.
   *
   * @param patience how long a target is asked that does not answer or has not decided
   */
  public CrashRecovery(
      PodRuntime runtime,
      Journal journal,
      TargetRecovery targets,
      StatusQuestion question,
      Lenders lenders,
      Duration patience,
      Clock clock) {
    this.runtime = runtime;
    this.journal = journal;
    this.targets = targets;
    this.question = question;
    this.lenders = lenders;
    this.patience = patience;
    this.clock = clock;
  }

  @Override
  public List<Outcome> recover(@Nullable PodName only, @Nullable Owner assume)
      throws PodkitException {
    List<Outcome> outcomes = new ArrayList<>();
    if (only == null) {
      recoverAll(assume, outcomes);
    }
    for (PodStatus pod : runtime.pods().list()) {
      if (pod.name().equals(only)) {
        recover(pod, assume, outcomes);
      }
    }
    outcomes.sort(Comparator.comparing(outcome -> outcome.pod().value()));
    return outcomes;
  }

  /** One pod that cannot be recovered is no reason to leave the others as they are. */
  private void recoverAll(@Nullable Owner assume, List<Outcome> outcomes) throws PodkitException {
    try (UndoStack steps = new UndoStack("recover migrations")) {
      steps.push("forget migrations of long ago", this::prune);
      steps.push("clear up after commands that died", runtime.pods()::sweep);
      steps.push("clear up after migrations that never came to a pod", targets::settleAll);
      for (PodStatus pod : runtime.pods().list()) {
        steps.push("recover pod " + pod.name(), () -> recover(pod, assume, outcomes));
      }
    }
  }

  private void prune() throws PodkitException {
    Set<String> inUse = new HashSet<>();
    for (PodStatus pod : runtime.pods().list()) {
      if (pod.migration() != null) {
        inUse.add(pod.migration());
      }
    }
    journal.prune(clock.instant(), inUse);
  }

  private void recover(PodStatus pod, @Nullable Owner assume, List<Outcome> outcomes)
      throws PodkitException {
    try {
      switch (pod.state()) {
        case LEAVING, IN_DOUBT, SERVING -> outcomes.add(leaving(pod.name(), assume));
        case ARRIVING -> outcomes.add(settle(pod));
        case CREATED, RUNNING, EXITED, CHECKPOINTED -> {}
      }
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.NOT_FOUND && !exists(pod.name())) {
        return; // the dead man's switch, say, has finished with it meanwhile
      }
      if (e.kind() != ErrorKind.CONFLICT) {
        throw e;
      }
      outcomes.add(new Outcome(pod.name(), Action.BUSY, e.what()));
    }
  }

  private boolean exists(PodName name) throws PodkitException {
    return runtime.pods().list().stream().anyMatch(pod -> pod.name().equals(name));
  }

  private Outcome leaving(PodName name, @Nullable Owner assume) throws PodkitException {
    try (Departure departure = runtime.departures().resume(name)) {
      PodStatus pod = departure.pod();
      boolean granted = pod.state().isGranted();
      Outcome outcome =
          granted
              ? decide(departure, pod, assume)
              : new Outcome(
                  name, Action.RESUMED, "its migration died before the target was granted it");
      // Memory that was read from the frozen pod fills this host's memory until it is given back.
      runtime.forgetMemory(FrozenTransfer.imagesName(migrationOf(pod)));
      return outcome;
    }
  }

  private Outcome decide(Departure departure, PodStatus pod, @Nullable Owner assume)
      throws PodkitException {
    MigrationState state;
    try {
      state = assume == null ? askTarget(pod) : assumed(pod, assume);
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.IN_DOUBT) {
        return new Outcome(pod.name(), Action.STILL_IN_DOUBT, e.what());
      }
      throw e;
    }
    String why = "as " + (assume == null ? addressOf(entryOf(pod)) + " says" : "the operator says");
    switch (state) {
      case RUNNING -> {
        departure.release();
        return new Outcome(pod.name(), Action.RELEASED, why);
      }
      case FILLING -> {
        departure.serve();
        return new Outcome(
            pod.name(), Action.SERVING, "it runs there and waits for memory from here, " + why);
      }
      default -> {
        if (assume == null && pod.state() == PodState.SERVING) {
          // Never a second copy of one that ran there, whatever that host has forgotten.
          return new Outcome(
              pod.name(), Action.STILL_IN_DOUBT, "it ran there, yet it is " + state + ", " + why);
        }
        departure.takeBack();
        return new Outcome(pod.name(), Action.RESUMED, why);
      }
    }
  }

  private static MigrationState assumed(PodStatus pod, Owner assume) throws PodkitException {
    if (assume == Owner.SOURCE) {
      return MigrationState.ABORTED;
    }
    if (pod.state() == PodState.SERVING) {
      throw PodkitException.of(
          ErrorKind.REFUSED,
          "pod " + pod.name() + " runs on the other host, which cannot do without what is here",
          new Hint("when the link is back: pod migrate --resume " + pod.name()));
    }
    return MigrationState.RUNNING;
  }

  private MigrationState askTarget(PodStatus pod) throws PodkitException {
    JournalEntry entry = entryOf(pod);
    AgentAddress agent = addressOf(entry);
    return new DoubtResolver(
            () -> ask(agent, entry), "whether " + agent + " owns pod " + pod.name())
        .resolve(patience);
  }

  private MigrationState ask(AgentAddress agent, JournalEntry entry) throws PodkitException {
    MigrationState state = question.ask(agent, new MigrationId(entry.migration()));
    if (state == MigrationState.UNKNOWN && Journal.mayBeForgotten(entry, clock.instant())) {
      throw PodkitException.of(
          ErrorKind.IN_DOUBT,
          agent + " knows nothing of it, but may have forgotten a migration of " + entry.updated());
    }
    return state;
  }

  @Override
  public void serve(PodName name) throws PodkitException {
    try (Departure departure = runtime.departures().resume(name)) {
      PodStatus pod = departure.pod();
      if (pod.state() != PodState.SERVING) {
        throw PodkitException.conflict("nobody waits for memory of pod " + name);
      }
      try (Lending lending = lenders.lend(entryOf(pod), departure.processes())) {
        lending.untilFilled(null);
      }
      departure.release();
      runtime.forgetMemory(FrozenTransfer.imagesName(migrationOf(pod)));
    }
  }

  private Outcome settle(PodStatus pod) throws PodkitException {
    String migration = migrationOf(pod);
    MigrationState state = targets.outcome(new MigrationId(migration));
    if (state != MigrationState.ABORTED && state != MigrationState.UNKNOWN) {
      return new Outcome(pod.name(), Action.BUSY, "its migration is still at work");
    }
    // Once more: a crash between the journal and the pod's record left one without the other.
    runtime.arrivals().settle(pod.name(), migration);
    return new Outcome(pod.name(), Action.REMOVED, "it had not been granted to this host");
  }

  private JournalEntry entryOf(PodStatus pod) throws PodkitException {
    Optional<JournalEntry> entry = journal.find(migrationOf(pod));
    if (entry.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.IN_DOUBT,
          "this host does not know any more where pod " + pod.name() + " was going");
    }
    return entry.get();
  }

  private static AgentAddress addressOf(JournalEntry entry) {
    return new AgentAddress(entry.peerHost(), entry.peerPort(), null);
  }

  private static String migrationOf(PodStatus pod) throws PodkitException {
    if (pod.migration() == null) {
      throw PodkitException.internal(
          "pod " + pod.name() + " is in no migration, yet " + pod.state(), null);
    }
    return pod.migration();
  }
}
