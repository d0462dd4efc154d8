package io.podkit.migrate.protocol;

/** What the target says became of a migration, from its durable record. */
public enum MigrationState {
  /** The pod is being received; the source owns it. */
  PREPARING,
  /** The pod is complete and held before its first instruction; the source owns it. */
  HELD,
  /** The target owns the pod and has recorded so; it may not run yet. */
  OWNED,
  /** The target owns the pod and it runs there, but memory of it is still on the source. */
  FILLING,
  /** The target owns the pod and it runs there; it needs nothing of the source. */
  RUNNING,
  /** The target gave up or was told to and will never own the pod by this migration. */
  ABORTED,
  /** The target knows nothing of it and will never own the pod by this migration. */
  UNKNOWN
}
