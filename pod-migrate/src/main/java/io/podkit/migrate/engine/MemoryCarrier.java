package io.podkit.migrate.engine;

import io.podkit.core.api.MemoryRoute;
import io.podkit.error.PodkitException;
import java.nio.file.Path;

/**
 * How the memory of a pod that stands still gets to the target. Closing it frees what it needed and
 * leaves nothing of it in the pod.
 */
interface MemoryCarrier extends AutoCloseable {
  /** What CRIU is told. */
  MemoryRoute route();

  /**
   * Whether {@link #carry} has to run before the pod stands still, because CRIU wants its other end
   * from the start.
   */
  boolean carriesFromTheStart();

  /** Whether some of it stays here until the target asks for it. */
  default boolean memoryFollows() {
    return false;
  }

  /** The pod stands still, and CRIU waits until this returns. */
  void begin() throws PodkitException;

  /** Carries, on a thread of its own while CRIU works, until everything is on its way. */
  void carry() throws PodkitException;

  /**
   * CRIU is done, and so is {@link #carry}: sends what is left, and adds to the images what the
   * target has to know.
   */
  void finish(Path images) throws PodkitException;

  @Override
  void close() throws PodkitException;
}
