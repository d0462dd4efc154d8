package io.podkit.migrate.engine;

import io.podkit.core.api.MemoryRoute;
import io.podkit.error.PodkitException;
import io.podkit.migrate.memory.inventory.InventoryFile;
import io.podkit.migrate.memory.inventory.MemoryInventory;
import io.podkit.migrate.memory.tracking.MemoryTracker;
import io.podkit.migrate.memory.transfer.PageSender;
import io.podkit.resource.UndoStack;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Memory that we read ourselves: most of it has travelled while the pod ran, the rest follows while
 * CRIU dumps everything else.
 */
final class TrackedMemory implements MemoryCarrier {
  private final MemoryTracker tracker;
  private final PageSender sender;
  private final Path plan;
  private final HotPages hot;
  private final boolean verify;
  private final @Nullable PagesLeftBehind behind;

  /**
   * @param hot knows what was written to in the last round
   * @param verify whether all of it is read again and compared before the target may have the pod
   * @param behind sorts what follows the pod; null if nothing does
   */
  TrackedMemory(
      MemoryTracker tracker,
      PageSender sender,
      Path plan,
      HotPages hot,
      boolean verify,
      @Nullable PagesLeftBehind behind) {
    this.tracker = tracker;
    this.sender = sender;
    this.plan = plan;
    this.hot = hot;
    this.verify = verify;
    this.behind = behind;
  }

  @Override
  public MemoryRoute route() {
    return MemoryRoute.around(plan);
  }

  @Override
  public boolean memoryFollows() {
    return behind != null;
  }

  @Override
  public boolean carriesFromTheStart() {
    return false;
  }

  @Override
  public void begin() throws PodkitException {
    sender.hurry();
    tracker.plan(plan);
  }

  @Override
  public void carry() throws PodkitException {
    tracker.frozen(hot.before(behind == null ? sender : behind));
    sender.await();
  }

  @Override
  public void finish(Path images) throws PodkitException {
    MemoryInventory inventory = tracker.finish(behind == null ? sender : behind);
    if (behind != null) {
      behind.settle(images, inventory);
    }
    sender.await();
    try {
      MemoryInventory complete = inventory.hot(hot.pages());
      InventoryFile.write(images, verify ? complete.digests(tracker.digests()) : complete);
    } catch (IOException e) {
      throw PodkitException.io("cannot write down what memory the pod has", e);
    }
  }

  @Override
  public void close() throws PodkitException {
    try (UndoStack open = new UndoStack("stop carrying the pod's memory")) {
      open.push("stop tracking it", tracker::close);
      open.push("stop sending it", sender::close);
    }
  }
}
