package io.podkit.migrate.engine;

import io.podkit.core.api.Departure;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodStatus;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.Recovery;
import io.podkit.migrate.journal.Journal;
import io.podkit.migrate.journal.JournalEntry;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every pod that a dead process left in a migration, and finishes or undoes it as its
 * records say.
 */
public final class CrashRecovery implements Recovery {
  /** A target that has just died may be on its way back. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final PodRuntime runtime;
  private final Journal journal;
  private final TargetRecovery targets;
  private final ClientSource clients;

  /** Makes the client that asks a target; only a pod in doubt needs one, and the keys it takes. */
  @FunctionalInterface
  public interface ClientSource {
    /** A client with this host's keys. */
    AgentClient open() throws PodkitException;
  }

  /** Recovery on one host. */
  public CrashRecovery(
      PodRuntime runtime, Journal journal, TargetRecovery targets, ClientSource clients) {
    this.runtime = runtime;
    this.journal = journal;
    this.targets = targets;
    this.clients = clients;
  }

  @Override
  public List<Outcome> recover(@Nullable PodName only, @Nullable Owner assume)
      throws PodkitException {
    List<Outcome> outcomes = new ArrayList<>();
    for (PodStatus pod : runtime.pods().list()) {
      if (only == null || pod.name().equals(only)) {
        Outcome outcome = recover(pod, assume);
        if (outcome != null) {
          outcomes.add(outcome);
        }
      }
    }
    return outcomes;
  }

  private @Nullable Outcome recover(PodStatus pod, @Nullable Owner assume) throws PodkitException {
    try {
      return switch (pod.state()) {
        case LEAVING -> resume(pod);
        case IN_DOUBT -> decide(pod, assume);
        case ARRIVING -> settle(pod);
        case CREATED, RUNNING, EXITED, CHECKPOINTED -> null;
      };
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.CONFLICT) {
        return new Outcome(pod.name(), Action.BUSY, e.what());
      }
      throw e;
    }
  }

  private Outcome resume(PodStatus pod) throws PodkitException {
    try (Departure departure = runtime.departures().resume(pod.name())) {
      return new Outcome(
          departure.pod().name(),
          Action.RESUMED,
          "its migration died before the target was granted it");
    }
  }

  private Outcome settle(PodStatus pod) throws PodkitException {
    String migration = pod.migration();
    if (migration == null) {
      throw PodkitException.internal("pod " + pod.name() + " is arriving by no migration", null);
    }
    MigrationState state = targets.outcome(new MigrationId(migration));
    if (state == MigrationState.RUNNING) {
      return new Outcome(pod.name(), Action.KEPT, "it had been granted and runs here");
    }
    if (state == MigrationState.ABORTED) {
      return new Outcome(pod.name(), Action.REMOVED, "it had not been granted to this host");
    }
    if (state == MigrationState.UNKNOWN) {
      // Its record is there and the journal is not: the crash came between the two.
      runtime.arrivals().settle(pod.name(), migration);
      return new Outcome(pod.name(), Action.REMOVED, "it had not been granted to this host");
    }
    return new Outcome(pod.name(), Action.BUSY, "its migration is still at work");
  }

  private Outcome decide(PodStatus pod, @Nullable Owner assume) throws PodkitException {
    try (Departure departure = runtime.departures().resume(pod.name())) {
      boolean targetOwns;
      String why;
      if (assume != null) {
        targetOwns = assume == Owner.TARGET;
        why = "as the operator says";
      } else {
        AgentAddress agent = targetOf(pod);
        targetOwns =
            DoubtResolver.asking(
                    clients.open(), agent, new MigrationId(migrationOf(pod)), pod.name().value())
                .targetOwns(PATIENCE);
        why = "as " + agent + " says";
      }
      if (targetOwns) {
        departure.release();
        return new Outcome(pod.name(), Action.RELEASED, why);
      }
      departure.takeBack();
      return new Outcome(pod.name(), Action.RESUMED, why);
    } catch (PodkitException e) {
      if (e.kind() == ErrorKind.IN_DOUBT) {
        return new Outcome(pod.name(), Action.STILL_IN_DOUBT, e.what());
      }
      throw e;
    }
  }

  private AgentAddress targetOf(PodStatus pod) throws PodkitException {
    Optional<JournalEntry> entry = journal.find(migrationOf(pod));
    if (entry.isEmpty()) {
      throw PodkitException.of(
          ErrorKind.IN_DOUBT,
          "this host does not know any more where pod " + pod.name() + " was going");
    }
    return new AgentAddress(entry.get().peerHost(), entry.get().peerPort(), null);
  }

  private static String migrationOf(PodStatus pod) throws PodkitException {
    if (pod.migration() == null) {
      throw PodkitException.internal("pod " + pod.name() + " is in doubt by no migration", null);
    }
    return pod.migration();
  }
}
