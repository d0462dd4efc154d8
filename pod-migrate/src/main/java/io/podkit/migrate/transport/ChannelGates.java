package io.podkit.migrate.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Limits;
import io.podkit.migrate.protocol.MigrationId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The migrations of one agent that wait for data connections. Thread-safe. */
public final class ChannelGates {

  @GuardedBy("this")
  private final Map<MigrationId, ChannelGate> open = new HashMap<>();

  ChannelGates() {}

  /**
   * Begins to accept data connections for a migration, from the host that {@code control} talks to
   * and with the gate's token only.
   *
   * @param channels how many; 1 to {@link Limits#MAX_DATA_CHANNELS}
   * @return to be closed by the caller, which ends the channels too; they also end with {@code
   *     control}
   * @throws PodkitException CONFLICT if that migration is being received already
   */
  public ChannelGate open(MigrationId migration, ControlChannel control, int channels)
      throws PodkitException {
    ChannelGate gate = new ChannelGate(this, migration, control.peer(), channels);
    synchronized (this) {
      if (open.putIfAbsent(migration, gate) != null) {
        throw PodkitException.conflict("migration " + migration + " is under way already");
      }
    }
    control.onEnd((PodkitException reason) -> gate.close(reason));
    return gate;
  }

  /** The gate that a data connection of that peer may pass. */
  ChannelGate find(Peer peer, Bulk.ChannelOpen wanted) throws PodkitException {
    ChannelGate gate = lookUp(wanted.migration());
    // One message for every reason: who guesses shall not learn what is under way here.
    if (gate == null || !gate.admits(peer, wanted)) {
      throw PodkitException.refused("no migration waits for this data connection");
    }
    return gate;
  }

  private synchronized @Nullable ChannelGate lookUp(MigrationId migration) {
    return open.get(migration);
  }

  synchronized void remove(MigrationId migration, ChannelGate gate) {
    open.remove(migration, gate);
  }
}
