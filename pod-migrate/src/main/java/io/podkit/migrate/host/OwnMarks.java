package io.podkit.migrate.host;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.podkit.error.PodkitException;
import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.PodLabels;
import io.podkit.migrate.protocol.Problem;
import io.podkit.resource.DurableFile;
import io.podkit.resource.HostLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What this host says of itself: its labels, whether it accepts pods, which of its pods an
 * evacuation has taken elsewhere. In its own root, so that it can refuse pods whoever sends them.
 * Thread-safe, and safe against other processes.
 */
public final class OwnMarks {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path file;
  private final ObjectMapper json;

  /**
   * The content of the file.
   *
   * @param schemaVersion 1
   * @param labels such as {@link PodLabels#CHASSIS}
   * @param cordoned whether no pods are accepted
   * @param away pods that were moved elsewhere
   */
  public record Marks(
      int schemaVersion, Map<String, String> labels, boolean cordoned, List<AwayPod> away) {
    static final Marks NONE = new Marks(1, Map.of(), false, List.of());

    public Marks {
      labels = Map.copyOf(labels);
      away = List.copyOf(away);
    }
  }

  /** The marks in that file, which need not be there yet. */
  public OwnMarks(Path file, ObjectMapper json) {
    this.file = file;
    this.json = json;
  }

  public Marks read() throws PodkitException {
    try {
      return json.readValue(Files.readAllBytes(file), Marks.class);
    } catch (NoSuchFileException e) {
      return Marks.NONE;
    } catch (IOException e) {
      throw PodkitException.io("cannot read what this host says of itself, " + file, e);
    }
  }

  public void change(HostMarks change) throws PodkitException {
    update(
        old -> {
          Map<String, String> labels = new TreeMap<>(old.labels());
          change.unset().forEach(labels::remove);
          labels.putAll(change.set());
          List<AwayPod> away = new ArrayList<>(old.away());
          away.removeIf(pod -> change.forget().contains(pod.pod()));
          boolean cordoned =
              switch (change.cordon()) {
                case KEEP -> old.cordoned();
                case ON -> true;
                case OFF -> false;
              };
          return new Marks(1, labels, cordoned, away);
        });
  }

  /** Notes that an evacuation has moved a pod, and where. */
  public void left(AwayPod pod) throws PodkitException {
    update(
        old -> {
          List<AwayPod> away = new ArrayList<>(old.away());
          away.removeIf(other -> other.pod().equals(pod.pod()));
          away.add(pod);
          return new Marks(1, old.labels(), old.cordoned(), away);
        });
  }

  /** Why no pod may come now; empty if one may. */
  public List<Problem> objections() throws PodkitException {
    return read().cordoned()
        ? List.of(
            new Problem(
                Problem.CORDONED,
                "the target",
                "is cordoned: it accepts no pods",
                "choose another target, pod host uncordon it, or insist with --force"))
        : List.of();
  }

  private void update(UnaryOperator<Marks> change) throws PodkitException {
    try (HostLock lock =
        HostLock.take(
            file.resolveSibling(file.getFileName() + ".lock"), PATIENCE, "mark this host")) {
      DurableFile.write(file, json.writeValueAsBytes(change.apply(read())));
    } catch (IOException e) {
      throw PodkitException.io("cannot write what this host says of itself, " + file, e);
    }
  }
}
