package io.podkit.core.container;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.core.api.ContainerRef;
import io.podkit.core.api.PodName;
import io.podkit.core.store.EngineContainer;
import io.podkit.core.store.PodRecord;
import io.podkit.core.store.PodStore;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.HostDirs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The containers on this host that engines told of and that live. Nothing is kept of them but the
 * hook's notes: the rest is the engine's files and the kernel's state, looked at each time.
 * Thread-safe.
 */
public final class LocalContainers {
  private final ContainerNotes notes;
  private final ObjectMapper json;

  public LocalContainers(HostDirs dirs, ObjectMapper json) {
    notes = new ContainerNotes(dirs.containerNotes(), json);
    this.json = json;
  }

  /**
   * All of them, the oldest first.
   *
   * @param taken names that mean something else: a container so called goes by its short id
   */
  public List<AdoptedContainer> list(Set<PodName> taken) throws PodkitException {
    List<ContainerNote> living = notes.living();
    if (living.isEmpty()) {
      return List.of(); // without loading what reads them
    }
    Set<PodName> used = new HashSet<>(taken);
    EngineCatalog catalog = new EngineCatalog(json);
    List<AdoptedContainer> containers = new ArrayList<>();
    for (ContainerNote note : living) {
      EngineCatalog.Entry entry = catalog.find(note.id(), note.bundle());
      PodName name =
          entry.name() == null ? ContainerRecords.shortName(note) : new PodName(entry.name());
      if (!used.add(name)) {
        name = ContainerRecords.shortName(note);
        used.add(name);
      }
      ContainerConfig config = ContainerConfig.read(note.bundle(), json);
      Path process = Path.of("/proc", Long.toString(note.init().pid()));
      containers.add(
          new AdoptedContainer(
              ContainerRecords.of(note, name, entry.image(), config, ContainerAddress.of(process)),
              new ContainerRef(ContainerRecords.engine(config), note.id())));
    }
    return containers;
  }

  /** The container of that name, unless a pod has it, or it is leaving and has a record itself. */
  public Optional<AdoptedContainer> adopted(PodStore pods, PodName name) throws PodkitException {
    if (pods.find(name).isPresent()) {
      return Optional.empty();
    }
    Optional<AdoptedContainer> found = find(pods, name);
    return found.isPresent() && isLeaving(pods, found.get()) ? Optional.empty() : found;
  }

  private static boolean isLeaving(PodStore pods, AdoptedContainer container)
      throws PodkitException {
    for (PodRecord record : pods.list()) {
      EngineContainer owner = record.owner();
      if (owner != null && owner.ref().equals(container.container())) {
        return true;
      }
    }
    return false;
  }

  /**
   * The container of that name, or of that short id; its record has the name by which {@code pod
   * ps} lists it, so that a pod of its name is not taken for it.
   */
  public Optional<AdoptedContainer> find(PodStore pods, PodName name) throws PodkitException {
    if (notes.living().isEmpty()) {
      return Optional.empty();
    }
    Set<PodName> taken = new HashSet<>();
    for (PodRecord record : pods.list()) {
      if (record.owner() == null) { // otherwise it is that of a container which is leaving
        taken.add(record.name());
      }
    }
    for (AdoptedContainer container : list(taken)) {
      if (container.record().name().equals(name)
          || container.record().id().equals(name.value())
          || container.container().id().equals(name.value())) {
        return Optional.of(container);
      }
    }
    return Optional.empty();
  }
}
