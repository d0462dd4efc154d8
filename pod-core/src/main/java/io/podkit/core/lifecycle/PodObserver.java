package io.podkit.core.lifecycle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.PodState;
import io.podkit.core.api.PodStatus;
import io.podkit.core.api.RemoteMemory;
import io.podkit.core.launch.ProcessIdentities;
import io.podkit.core.store.InitProcess;
import io.podkit.core.store.PodRecord;
import io.podkit.error.PodkitException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Holds records against reality: a pod that its record calls running may have ended since.
 * Thread-safe.
 */
public final class PodObserver {
  private final PodParts parts;
  private final ObjectMapper json;

  public PodObserver(PodParts parts, ObjectMapper json) {
    this.parts = parts;
    this.json = json;
  }

  /** Whether the pod's pid 1 lives. */
  public boolean isAlive(PodRecord record) throws PodkitException {
    return record.init() != null && ProcessIdentities.isAlive(record.init());
  }

  /** The state the pod is really in. */
  public PodState state(PodRecord record) throws PodkitException {
    boolean ended = record.state() == PodState.RUNNING && !isAlive(record);
    return ended ? PodState.EXITED : record.state();
  }

  public OptionalInt exitCode(PodRecord record) throws PodkitException {
    return ExitRecord.read(parts.exitFile(record.name()), json);
  }

  private @Nullable RemoteMemory remoteMemory(PodRecord record, PodState state)
      throws PodkitException {
    return state == PodState.RUNNING
        ? BorrowedMemory.look(parts.directory(record.name()), json)
        : null;
  }

  public PodStatus observe(PodRecord record) throws PodkitException {
    return observe(record, record.owner() == null ? null : record.owner().ref());
  }

  /**
   * As {@link #observe(PodRecord)}.
   *
   * @param container whose it is, or null for a pod of ours
   */
  public PodStatus observe(PodRecord record, @Nullable ContainerRef container)
      throws PodkitException {
    PodState state = state(record);
    InitProcess init = state.hasProcesses() ? record.init() : null;
    return new PodStatus(
        record.id(),
        record.spec(),
        state,
        record.created(),
        record.started(),
        init == null ? OptionalLong.empty() : OptionalLong.of(init.pid()),
        state == PodState.EXITED ? exitCode(record) : OptionalInt.empty(),
        record.address(),
        record.layers(),
        record.migration(),
        remoteMemory(record, state),
        container);
  }
}
