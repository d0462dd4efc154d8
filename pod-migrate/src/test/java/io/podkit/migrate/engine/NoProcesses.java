package io.podkit.migrate.engine;

import io.podkit.core.api.PodProcess;
import io.podkit.core.api.PodProcesses;
import java.util.List;

/** The processes of a pod that has none, and so no memory. */
enum NoProcesses implements PodProcesses {
  NONE;

  @Override
  public List<PodProcess> list() {
    return List.of();
  }

  @Override
  public boolean canStop() {
    return false;
  }

  @Override
  public void stop() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long cpuNanos() {
    throw new UnsupportedOperationException();
  }
}
