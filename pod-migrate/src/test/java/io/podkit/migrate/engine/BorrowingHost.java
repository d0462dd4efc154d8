package io.podkit.migrate.engine;

import io.podkit.criu.image.PageRun;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.transfer.BatchDecoder;
import io.podkit.migrate.memory.transfer.PageTaker;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.MigrationState;
import io.podkit.migrate.transport.Asked;
import io.podkit.migrate.transport.ChannelGate;
import io.podkit.migrate.transport.ChannelGates;
import io.podkit.migrate.transport.ControlChannel;
import io.podkit.migrate.transport.DataChannel;
import io.podkit.migrate.transport.PeerHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

/** A target that says of its pod what it was told to, and asks for memory as a test does. */
final class BorrowingHost implements PeerHandler {
  static final Control.Filled FILLED = new Control.Filled(9, 2, Duration.ofMillis(5), 0);
  private static final Duration SOON = Duration.ofSeconds(30);

  /** What it says of the pod, one after the other; the last for ever. */
  final Deque<MigrationState> states = new ConcurrentLinkedDeque<>();

  /** What it does when it was asked to fill, one after the other. */
  final Deque<Borrowing> borrowings = new ConcurrentLinkedDeque<>();

  final List<String> heard = new CopyOnWriteArrayList<>();

  /** Fetches memory over those channels. */
  @FunctionalInterface
  interface Borrowing {
    void fetch(List<DataChannel> channels) throws PodkitException;
  }

  @Override
  public void converse(ControlChannel control, ChannelGates gates) throws PodkitException {
    List<DataChannel> channels = new ArrayList<>();
    while (true) {
      Asked asked = control.receive(SOON);
      heard.add(asked.type().name());
      switch (asked.type()) {
        case STATUS_QUERY -> control.answer(asked, new Control.Status(next()));
        case RESUME -> resume(control, gates, asked, channels);
        case AWAIT_FILLED -> {
          borrowings.remove().fetch(channels);
          control.answer(asked, FILLED);
        }
        default -> throw control.unexpected(asked);
      }
    }
  }

  private MigrationState next() {
    return states.size() > 1 ? states.remove() : states.element();
  }

  private static void resume(
      ControlChannel control, ChannelGates gates, Asked asked, List<DataChannel> channels)
      throws PodkitException {
    Control.Resume request = (Control.Resume) asked.message();
    ChannelGate gate = gates.open(request.migration(), control, request.dataChannels());
    control.answer(asked, new Control.Prepared(gate.token(), request.dataChannels()));
    for (int i = 0; i < request.dataChannels(); i++) {
      channels.add(gate.accept(SOON));
    }
    channels.sort(Comparator.comparingInt(DataChannel::index));
  }

  /** The next pages that come. */
  static byte[] receive(DataChannel channel) throws PodkitException {
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    Bulk.PageBatch batch = (Bulk.PageBatch) channel.receive(SOON).message();
    new BatchDecoder(
            new PageTaker() {
              @Override
              public void content(long memory, PageRun run, ByteBuffer content) {
                byte[] bytes = new byte[(int) run.bytes()];
                content.get(bytes);
                pages.writeBytes(bytes);
              }

              @Override
              public void zeros(long memory, PageRun run) {
                pages.writeBytes(new byte[(int) run.bytes()]);
              }

              @Override
              public void same(long memory, PageRun run, long otherMemory, long otherAddress) {
                throw new AssertionError("an answer refers to nothing");
              }

              @Override
              public void absent(long memory, PageRun run) {
                throw new AssertionError("an answer takes nothing back");
              }
            })
        .take(batch);
    return pages.toByteArray();
  }
}
