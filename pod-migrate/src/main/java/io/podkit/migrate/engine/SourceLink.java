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
import java.util.ArrayList;
import java.util.List;

/**
 * The source's connections to one target: the control channel, one data channel for files and
 * others for memory, so that the last files need not wait behind memory. Closing it ends all of
 * them.
 */
final class SourceLink implements Handover.Target, AutoCloseable {
  private static final Duration COMMIT = Duration.ofSeconds(30);

  /** One channel is the files'. */
  static final int FILE_CHANNELS = 1;

  private final ControlChannel control;
  private final DataChannel files;
  private final List<DataChannel> memory;
  private final UndoStack open;

  private SourceLink(ControlChannel control, List<DataChannel> channels, UndoStack open) {
    this.control = control;
    this.files = channels.get(0);
    this.memory = List.copyOf(channels.subList(FILE_CHANNELS, channels.size()));
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
      List<DataChannel> channels = new ArrayList<>();
      for (int i = 0; i < prepared.dataChannels(); i++) {
        DataChannel channel =
            client.openData(control, agent, migration, prepared.token(), i, limiter);
        open.push("close data channel " + i, channel::close);
        channels.add(channel);
      }
      return new SourceLink(control, channels, open);
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

  List<DataChannel> memory() {
    return memory;
  }

  /** Every data channel; the first is free for what is urgent once the files are there. */
  List<DataChannel> all() {
    List<DataChannel> all = new ArrayList<>(List.of(files));
    all.addAll(memory);
    return all;
  }

  /** Returns when the target has stored everything that was sent on all data channels. */
  void sync(Duration patience) throws PodkitException {
    files.ask(new Bulk.Sync(), patience);
    for (DataChannel channel : memory) {
      channel.ask(new Bulk.Sync(), patience);
    }
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
    abortData();
  }

  /** Ends the data channels at once; over the control channel the target may still say why. */
  void abortData() {
    files.abort();
    memory.forEach(DataChannel::abort);
  }

  @Override
  public void close() throws PodkitException {
    open.close();
  }
}
