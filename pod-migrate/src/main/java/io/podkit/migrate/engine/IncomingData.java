package io.podkit.migrate.engine;

import io.podkit.core.api.Arrival;
import io.podkit.core.api.PodTree;
import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.IncomingLayer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.TreeLimits;
import io.podkit.fs.api.TreeSize;
import io.podkit.fs.api.TreeTarget;
import io.podkit.migrate.memory.store.PageStore;
import io.podkit.migrate.memory.transfer.BatchDecoder;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.transport.BulkInput;
import io.podkit.migrate.transport.ChannelIoException;
import io.podkit.migrate.transport.DataChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores what comes in on one migration's data channels: layers, trees, images, memory.
 * Thread-safe: each channel has a thread of its own in {@link #serve}. What the peer names is
 * checked where it is used: layers by digest, trees by label, image names by their type.
 */
final class IncomingData implements AutoCloseable {
  /**
   * Between two frames a source may pause for a whole pre-copy round; a dead one is noticed on the
   * control channel.
   */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Arrival arrival;
  private final PodFileSystem fileSystem;
  private final Set<LayerDigest> expected;
  private final MemoryImages memory;
  private final @Nullable PageStore store;
  private final Map<String, TreeTarget> trees = new HashMap<>();
  private final EarlySync early = new EarlySync();
  private boolean complete;
  private volatile boolean frozen;
  private volatile @Nullable RemoteFilling following;

  /**
   * @param expected the layers that the pod stands on
   * @param store keeps batches of pages; null if none are expected
   */
  IncomingData(
      Arrival arrival,
      PodFileSystem fileSystem,
      Set<LayerDigest> expected,
      @Nullable PageStore store) {
    this.expected = Set.copyOf(expected);
    this.store = store;
    this.arrival = arrival;
    this.fileSystem = fileSystem;
    memory = new MemoryImages(arrival.images());
  }

  /** Takes everything from one channel until the source closes it. */
  void serve(DataChannel channel) throws PodkitException {
    try {
      takeAll(channel);
    } finally {
      goAt(Thread.NORM_PRIORITY); // the thread is lent
    }
  }

  private void takeAll(DataChannel channel) throws PodkitException {
    BatchDecoder batches = store == null ? null : new BatchDecoder(store.lane(channel.index()));
    while (true) {
      Frame frame = channel.receive(PATIENCE);
      if (!(frame.message() instanceof Bulk message)) {
        throw channel.unexpected(frame);
      }
      switch (message.type()) {
        case LAYER_BEGIN -> layer(channel, frame, (Bulk.LayerBegin) message);
        case LAYER_OFFER -> offeredLayer(channel, frame, (Bulk.LayerOffer) message);
        case TREE_BEGIN -> tree(channel, frame, (Bulk.TreeBegin) message);
        case IMAGE_BEGIN -> image(channel, frame, (Bulk.ImageBegin) message);
        case MEMORY_OPEN -> memory.open((Bulk.MemoryOpen) message);
        case MEMORY_PAGES -> memory.pages((Bulk.MemoryPages) message);
        case MEMORY_CLOSE -> memory.close((Bulk.MemoryClose) message);
        case PAGE_BATCH -> {
          RemoteFilling filling = following;
          // While it runs there, the pods here go first; once it stands still, or waits here for
          // its pages, nobody does.
          boolean waits = frozen || filling != null;
          goAt(waits ? Thread.NORM_PRIORITY : Thread.MIN_PRIORITY);
          if (filling != null) {
            filling.take(channel, (Bulk.PageBatch) message);
            continue;
          }
          if (batches == null) {
            throw channel.unexpected(frame);
          }
          FaultPoint.TARGET_FIRST_PAGES.reach();
          requireIncomplete();
          batches.take((Bulk.PageBatch) message);
        }
        case SYNC -> {
          requireIncomplete(); // under the lock that completing takes: it sees what was stored
          channel.answer(frame, new Bulk.Synced());
        }
        default -> throw channel.unexpected(frame);
      }
    }
  }

  private synchronized void requireIncomplete() throws PodkitException {
    if (complete) {
      throw PodkitException.peer("the source sent data after it had asked for the restore", null);
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // a wish, on which nothing relies
  private static void goAt(int priority) {
    Thread lane = Thread.currentThread();
    if (lane.getPriority() != priority) {
      lane.setPriority(priority);
    }
  }

  private void layer(DataChannel channel, Frame frame, Bulk.LayerBegin layer)
      throws PodkitException {
    requireExpected(layer.digest());
    BulkInput content = channel.content(frame, PATIENCE);
    try (IncomingLayer incoming = fileSystem.layers().incoming(layer.digest(), layer.size())) {
      if (incoming.isHere()) {
        content.transferTo(OutputStream.nullOutputStream()); // another migration has brought it
      } else {
        incoming.receive(content, 0);
      }
    } catch (IOException e) {
      throw ChannelIoException.unwrap("receiving layer " + layer.digest(), e);
    }
    channel.answer(content.end(Bulk.LayerEnd.class), new Bulk.LayerStored());
  }

  private void offeredLayer(DataChannel channel, Frame frame, Bulk.LayerOffer offer)
      throws PodkitException {
    requireExpected(offer.digest());
    try (IncomingLayer incoming = fileSystem.layers().incoming(offer.digest(), offer.size())) {
      boolean here = incoming.isHere();
      channel.answer(frame, new Bulk.LayerWanted(here, incoming.offset(), incoming.prefix()));
      if (!here) {
        rest(channel, offer.digest(), incoming);
      }
    }
  }

  private static void rest(DataChannel channel, LayerDigest layer, IncomingLayer incoming)
      throws PodkitException {
    Frame begin = channel.receive(PATIENCE);
    if (!(begin.message() instanceof Bulk.LayerRest rest)
        || !rest.digest().equals(layer)
        || (rest.offset() != 0 && rest.offset() != incoming.offset())) {
      throw channel.unexpected(begin);
    }
    FaultPoint.TARGET_FIRST_LAYER.reach();
    BulkInput content = channel.content(begin, PATIENCE);
    try {
      incoming.receive(content, rest.offset());
    } catch (IOException e) {
      throw ChannelIoException.unwrap("receiving layer " + layer, e);
    }
    channel.answer(content.end(Bulk.LayerEnd.class), new Bulk.LayerStored());
  }

  /** Others would fill this host's disk, and be of no use to the pod. */
  private void requireExpected(LayerDigest layer) throws PodkitException {
    if (!expected.contains(layer)) {
      throw PodkitException.peer(
          "the source sent layer " + layer + ", on which the pod does not stand", null);
    }
  }

  private void tree(DataChannel channel, Frame frame, Bulk.TreeBegin begin) throws PodkitException {
    FaultPoint.TARGET_FIRST_TREE.reach();
    TreeTarget target = target(begin.tree());
    BulkInput content = channel.content(frame, PATIENCE);
    try {
      TreeSize applied = target.apply(content);
      if (begin.pass() == 0) {
        syncEarly(target);
      }
      channel.answer(
          content.end(Bulk.TreeEnd.class),
          new Bulk.TreeApplied(applied.entries(), applied.bytes()));
    } catch (IOException e) {
      throw ChannelIoException.unwrap("receiving " + begin.tree(), e);
    }
  }

  private synchronized void syncEarly(TreeTarget target) {
    early.begin(target);
  }

  private synchronized TreeTarget target(String label) throws PodkitException {
    if (complete) {
      throw PodkitException.of(
          ErrorKind.PEER, "the source sent " + label + " after it had asked for the restore");
    }
    PodTree tree = arrival.tree(label);
    TreeTarget known = trees.get(label);
    if (known == null) {
      known =
          fileSystem
              .trees()
              .target(tree.directory(), TreeSync.kind(tree.kind()), TreeLimits.STANDARD);
      trees.put(label, known);
    }
    return known;
  }

  private void image(DataChannel channel, Frame frame, Bulk.ImageBegin image)
      throws PodkitException {
    frozen = true; // there are no images of a pod that runs
    Path file = arrival.images().resolve(image.name());
    BulkInput content = channel.content(frame, PATIENCE);
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.transferTo(out);
    } catch (FileAlreadyExistsException e) {
      throw new PodkitException(
          ErrorKind.PEER, "the source sent image " + image.name() + " twice", null, e);
    } catch (IOException e) {
      throw ChannelIoException.unwrap("receiving image " + image.name(), e);
    }
    content.end(Bulk.ImageEnd.class);
  }

  /** From now on pages come because they were asked for. */
  void follow(RemoteFilling filling) {
    following = filling;
  }

  /** Everything has come, and nothing more may: completes the memory images. */
  void complete() throws PodkitException {
    synchronized (this) {
      complete = true;
    }
    memory.complete();
  }

  /**
   * Returns when all files are on stable storage, as they were on the source: what the pod had
   * fsynced must outlive this host's power, too. Lets go of the trees.
   */
  synchronized void sync() throws PodkitException {
    early.await();
    for (TreeTarget tree : trees.values()) {
      tree.sync();
    }
    closeTrees();
  }

  private synchronized void closeTrees() {
    trees.values().forEach(TreeTarget::close);
    trees.clear();
  }

  @Override
  public void close() throws PodkitException {
    try {
      memory.abandon();
    } finally {
      closeTrees();
    }
  }
}
