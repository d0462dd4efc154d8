package io.podkit.migrate.memory.tracking;

import io.podkit.core.api.PodProcess;
import io.podkit.core.api.PodProcesses;
import io.podkit.error.PodkitException;
import io.podkit.linux.JnrSyscalls;
import io.podkit.linux.Syscalls;
import io.podkit.resource.UndoStack;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a pod that stands still and will never run here again: nothing has to be tracked to
 * read it. Thread-safe.
 */
public final class FrozenMemory implements AutoCloseable {
  private final Map<Long, AddressSpace> spaces = new HashMap<>();

  private FrozenMemory() {}

  /** The memory of those processes. */
  public static FrozenMemory of(PodProcesses pod) throws PodkitException {
    Syscalls syscalls = JnrSyscalls.load();
    FrozenMemory memory = new FrozenMemory();
    for (PodProcess process : pod.list()) {
      AddressSpace space = new AddressSpace(syscalls, process);
      memory.spaces.put(space.memory(), space);
    }
    return memory;
  }

  /** What has that number of CRIU's; null if no process has. */
  public @Nullable PageSource source(long memory) {
    return spaces.get(memory);
  }

  @Override
  public void close() throws PodkitException {
    try (UndoStack open = new UndoStack("stop reading the pod's memory")) {
      for (AddressSpace space : spaces.values()) {
        open.push("close " + space, space::close);
      }
    }
  }
}
