package io.podkit.cli.json;

import io.podkit.core.api.RemoteMemory;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a pod that runs here and that its former host still has.
 *
 * @param source that host
 * @param connected whether it is being fetched; if not the pod stands still wherever it needs some
 */
public record RemoteMemoryJson(String source, boolean connected) {
  static @Nullable RemoteMemoryJson of(@Nullable RemoteMemory memory) {
    return memory == null ? null : new RemoteMemoryJson(memory.source(), memory.connected());
  }
}
