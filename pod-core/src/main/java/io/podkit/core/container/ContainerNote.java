package io.podkit.core.container;

import io.podkit.core.store.InitProcess;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the hook noted of one container, held against what is.
 *
 * @param id the engine's
 * @param init the container's pid 1, which lives
 * @param bundle where the container's {@code config.json} lies, or null if the runtime did not say
 * @param noted when: the container was being started
 */
record ContainerNote(String id, InitProcess init, @Nullable Path bundle, Instant noted) {

  /** As the hook writes it. */
  record Written(
      int schemaVersion,
      String id,
      long pid,
      long startTime,
      String bootId,
      @Nullable Path bundle) {}
}
