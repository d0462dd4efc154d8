package io.podkit.migrate.journal;

import io.podkit.migrate.protocol.MigrationState;
import java.time.Instant;

/**
 * One migration as one of its hosts remembers it.
 *
 * @param schemaVersion version of this shape
 * @param migration its id
 * @param role which side this host is
 * @param pod the pod's name
 * @param peerHost the other host: on the source, where the target's agent is reached; on the
 *     target, its certified name
 * @param peerPort port of the target's agent; 0 on the target
 * @param state on the target, what became of it; on the source, PREPARING until the pod is granted,
 *     then OWNED
 * @param updated when this was written
 */
public record JournalEntry(
    int schemaVersion,
    String migration,
    Role role,
    String pod,
    String peerHost,
    int peerPort,
    MigrationState state,
    Instant updated) {
  public static final int SCHEMA_VERSION = 1;

  /** Which side of a migration a host is. */
  public enum Role {
    SOURCE,
    TARGET
  }

  /** The same migration with another outcome. */
  public JournalEntry in(MigrationState next, Instant now) {
    return new JournalEntry(schemaVersion, migration, role, pod, peerHost, peerPort, next, now);
  }
}
