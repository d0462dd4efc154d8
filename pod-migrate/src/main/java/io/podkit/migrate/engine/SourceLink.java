package io.podkit.migrate.engine;

import io.podkit.error.PodkitException;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.transport.AgentAddress;
import io.podkit.migrate.transport.AgentClient;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.migrate.transport.RateLimiter;
import io.podkit.resource.UndoStack;
import java.time.Duration;

/**
 * The source's connections to one target: the control channel, one data channel for files and one
 * for memory, so that the last files need not wait behind memory. Closing it ends all of them.
 */
final class SourceLink implements Handover.Target, AutoCloseable {
  private static final Duration COMMIT = Duration.ofSeconds(30);

  static final int FILES = 0;
  static final int MEMORY = 1;
  static final int CHANNELS = 2;

  private final ControlChannel control;
  private final DataChannel files;
  private final DataChannel memory;
  private final UndoStack open;

  private SourceLink(
      ControlChannel control, DataChannel files, DataChannel memory, UndoStack open) {
    this.control = control;
    this.files = files;
    this.memory = memory;
    this.open = open;
  }

  /**
   * Opens the data channels beside a conversation in which the target has said that it is prepared.
   *
   * @param control not closed by this object
   */
  static SourceLink open(
      AgentClient client,
      AgentAddress agent,
      ControlChannel control,
      MigrationId migration,
      Control.Prepared prepared,
      RateLimiter limiter)
      throws PodkitException {
    UndoStack open = new UndoStack("connect to " + agent);
    try {
      DataChannel[] channels = new DataChannel[CHANNELS];
      for (int i = 0; i < CHANNELS; i++) {
        DataChannel channel =
            client.openData(control, agent, migration, prepared.token(), i, limiter);
        open.push("close data channel " + i, channel::close);
        channels[i] = channel;
      }
      return new SourceLink(control, channels[FILES], channels[MEMORY], open);
    } catch (PodkitException e) {
      open.close();
      throw e;
    }
  }

  ControlChannel control() {
    return control;
  }

  DataChannel files() {
    return files;
  }

  DataChannel memory() {
    return memory;
  }

  /** Returns when the target has stored everything that was sent on both data channels. */
  void sync(Duration patience) throws PodkitException {
    files.ask(new Bulk.Sync(), patience);
    memory.ask(new Bulk.Sync(), patience);
  }

  @Override
  public void grant() throws PodkitException {
    control.ask(new Control.Grant(), COMMIT);
  }

  @Override
  public void hangUp() {
    control.abort();
  }

  /** Ends everything at once, from any thread: whoever waits on it fails. */
  void abort() {
    control.abort();
    files.abort();
    memory.abort();
  }

  @Override
  public void close() throws PodkitException {
    open.close();
  }
}
