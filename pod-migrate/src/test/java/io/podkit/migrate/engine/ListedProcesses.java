package io.podkit.migrate.engine;

import io.podkit.core.api.PodProcess;
import io.podkit.core.api.PodProcesses;
import java.util.List;

/** Processes that can only be listed. */
record ListedProcesses(List<PodProcess> list) implements PodProcesses {
  static final ListedProcesses NONE = new ListedProcesses(List.of());

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
