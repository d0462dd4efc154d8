package io.podkit.migrate.api;

import io.podkit.error.PodkitException;
import java.net.InetSocketAddress;

/** Receives pods for this host. */
public interface Agent extends AutoCloseable {
  /** Recovers what a crash left, then listens; returns once connections are accepted. */
  void start() throws PodkitException;

  /** Where it listens. */
  InetSocketAddress address();

  /** Blocks until {@link #close} is called from another thread. */
  void await() throws InterruptedException;

  /** Stops listening, gives migrations in progress up, and returns when all is undone. */
  @Override
  void close() throws PodkitException;
}
