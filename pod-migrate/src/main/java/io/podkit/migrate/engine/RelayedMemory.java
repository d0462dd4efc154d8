package io.podkit.migrate.engine;

import io.podkit.core.api.MemoryRoute;
import io.podkit.error.PodkitException;
import io.podkit.migrate.transport.DataChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Memory as CRIU reads it, all of it while the pod stands still. */
final class RelayedMemory implements MemoryCarrier {
  private final MemoryRelay relay;

  private RelayedMemory(MemoryRelay relay) {
    this.relay = relay;
  }

  static RelayedMemory over(DataChannel channel, LongConsumer sent) throws PodkitException {
    return new RelayedMemory(MemoryRelay.create(channel, sent));
  }

  @Override
  public MemoryRoute route() {
    return MemoryRoute.through(relay.criuEnd());
  }

  /** CRIU connects before it freezes, and says goodbye even if it fails before. */
  @Override
  public boolean carriesFromTheStart() {
    return true;
  }

  @Override
  public void begin() {
    // It carries already.
  }

  @Override
  public void carry() throws PodkitException {
    relay.run();
  }

  @Override
  public void finish(Path images) {
    // CRIU has sent everything.
  }

  @Override
  public void close() throws PodkitException {
    relay.close();
  }
}
