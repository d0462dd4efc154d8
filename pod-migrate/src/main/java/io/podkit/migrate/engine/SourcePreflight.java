package io.podkit.migrate.engine;

import io.podkit.core.api.HostFacts;
import io.podkit.core.api.PodName;
import io.podkit.core.api.PodRuntime;
import io.podkit.core.api.PodTree;
import io.podkit.core.api.RunningPod;
import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.error.ErrorKind;
import io.podkit.error.Hint;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.FileNeeds;
import io.podkit.fs.api.LayerDigest;
import io.podkit.fs.api.LayerStore;
import io.podkit.fs.api.PodFileSystem;
import io.podkit.fs.api.StagingName;
import io.podkit.migrate.protocol.Capabilities;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.LayerNeed;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.Problem;
import io.podkit.migrate.transport.ControlChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks both hosts whether the move can succeed. Nothing is changed anywhere, except that the image
 * of an engine's container is taken over here. Volumes are asked about twice where it matters: one
 * that both hosts share is never read.
 */
public final class SourcePreflight {
  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** The target may have to walk what it has of a volume. */
  private static final Duration WALK = Duration.ofMinutes(10);

  /** The target may have to read all of a volume to compare it. */
  private static final Duration COMPARISON = Duration.ofHours(6);

  private final PodRuntime runtime;
  private final ControlChannel control;

  /** Asks over that conversation, which stays the caller's. */
  public SourcePreflight(PodRuntime runtime, ControlChannel control) {
    this.runtime = runtime;
    this.control = control;
  }

  /**
   * What the preflight found out.
   *
   * @param problems what stands in the way; empty if nothing does
   * @param podRecord the record to be sent, as JSON
   * @param layers every layer the pod stands on, lowest first
   * @param missing those the target lacks
   * @param volumes what becomes of each volume
   */
  public record Result(
      List<Problem> problems,
      String podRecord,
      List<LayerNeed> layers,
      Set<LayerDigest> missing,
      List<VolumeFate> volumes) {
    /** Copies the lists. */
    public Result {
      problems = List.copyOf(problems);
      layers = List.copyOf(layers);
      missing = Set.copyOf(missing);
      volumes = List.copyOf(volumes);
    }

    /** Bytes of layers to send. */
    long missingBytes() {
      return layers.stream()
          .filter(layer -> missing.contains(layer.digest()))
          .mapToLong(LayerNeed::size)
          .sum();
    }
  }

  /**
   * Asks.
   *
   * @param replaceVolumes whether volumes with other content on the target are to give way
   * @param force whether a cordoned target is to take it all the same
   * @throws PodkitException of kind REFUSED that names every obstacle
   */
  Result run(RunningPod pod, MigrationId migration, boolean replaceVolumes, boolean force)
      throws PodkitException {
    Result result = ask(pod, migration, replaceVolumes);
    List<Problem> obstacles =
        result.problems().stream()
            .filter(problem -> !force || !problem.code().equals(Problem.CORDONED))
            .toList();
    if (!obstacles.isEmpty()) {
      throw refusal(pod, obstacles);
    }
    return result;
  }

  /** What stands in the way of a move on either host, and what else was found out. */
  public Result ask(RunningPod pod, MigrationId migration, boolean replaceVolumes)
      throws PodkitException {
    List<Problem> problems = new ArrayList<>(Problems.of(pod.blockers()));
    List<LayerNeed> layers = layers(pod);
    if (layers.isEmpty() && !problems.isEmpty()) {
      return new Result(problems, "", List.of(), Set.of(), List.of()); // no pod yet, and to be none
    }
    List<String> digests = layers.stream().map(layer -> layer.digest().toString()).toList();
    String podRecord = new String(pod.record(digests), StandardCharsets.UTF_8);
    HostFacts here = runtime.host().facts();
    long memoryBytes = pod.memoryBytes();
    long diskBytes = diskBytes(pod);
    VolumeTalk volumes = new VolumeTalk(pod);
    Control.PreflightAnswer answer;
    try (RunningPod.Marks marks = pod.markVolumes()) {
      do {
        List<VolumeOffer> offers = volumes.offers();
        answer =
            control.ask(
                new Control.Preflight(
                    migration,
                    podRecord,
                    layers,
                    memoryBytes,
                    diskBytes,
                    FactsOnWire.of(here),
                    offers,
                    replaceVolumes),
                patience(offers));
      } while (volumes.hear(answer.volumes()));
    }
    problems.addAll(Problems.of(volumes.found()));
    problems.addAll(answer.problems());
    problems.addAll(unfit(pod));
    problems.addAll(
        HostCompatibility.problems(
            here, FactsOnWire.toFacts(control.peer().toString(), answer.target())));
    Set<LayerDigest> needed = layers.stream().map(LayerNeed::digest).collect(Collectors.toSet());
    if (!needed.containsAll(answer.missingLayers())) {
      throw PodkitException.peer(
          control.peer() + " asks for layers that the pod does not have", null);
    }
    return new Result(problems, podRecord, layers, answer.missingLayers(), volumes.fates());
  }

  private static Duration patience(List<VolumeOffer> offers) {
    boolean compared = offers.stream().anyMatch(offer -> !offer.digest().isEmpty());
    return compared ? COMPARISON : offers.isEmpty() ? ANSWER : WALK;
  }

  /** A pod on a host directory takes it along as a layer of the same content. */
  private List<LayerNeed> layers(RunningPod pod) throws PodkitException {
    PodFileSystem files = runtime.fileSystem();
    List<LayerDigest> digests = new ArrayList<>();
    Path rootfs = pod.pod().spec().source().rootfs();
    if (rootfs != null && pod.layers().isEmpty()) {
      digests.add(pack(rootfs, pod.pod().name()));
    } else {
      pod.layers().forEach(text -> digests.add(LayerDigest.parse(text)));
    }
    List<LayerNeed> needs = new ArrayList<>();
    for (LayerDigest digest : digests) {
      needs.add(new LayerNeed(digest, files.layers().size(digest)));
    }
    return needs;
  }

  /** No record names this layer: it is reserved as long as the pod's own files are mounted. */
  private LayerDigest pack(Path rootfs, PodName pod) throws PodkitException {
    LayerStore layers = runtime.fileSystem().layers();
    try (LayerStore.Hold hold = layers.hold()) {
      LayerDigest packed = layers.packDirectory(rootfs, (done, total) -> {});
      layers.reserve(Set.of(packed), new StagingName(pod.value()));
      return packed;
    }
  }

  /** What the pod's files ask of the target's disk, if the target can say whether it has it. */
  private List<Problem> unfit(RunningPod pod) throws PodkitException {
    if (!control.capabilities().contains(Capabilities.FILE_NEEDS)) {
      return List.of();
    }
    List<Path> trees =
        pod.trees().stream()
            .filter(tree -> tree.kind() == PodTree.Kind.UPPER)
            .map(PodTree::directory)
            .toList();
    FileNeeds needs = runtime.fileSystem().storage().needs(trees);
    return control.ask(FilesOnWire.of(needs), ANSWER).problems();
  }

  private long diskBytes(RunningPod pod) throws PodkitException {
    long sum = 0;
    for (PodTree tree : pod.trees()) {
      if (tree.kind() == PodTree.Kind.UPPER) {
        sum += runtime.fileSystem().trees().measure(tree.directory()).bytes();
      }
    }
    return sum;
  }

  private PodkitException refusal(RunningPod pod, List<Problem> problems) throws PodkitException {
    String causes =
        problems.stream().map(p -> p.subject() + " " + p.cause()).collect(Collectors.joining("; "));
    String cures =
        problems.stream()
            .map(Problem::cure)
            .filter(cure -> !cure.isBlank())
            .distinct()
            .collect(Collectors.joining("; "));
    String what = "cannot move pod " + pod.pod().name() + " to " + control.peer() + ": " + causes;
    return cures.isEmpty()
        ? PodkitException.of(ErrorKind.REFUSED, what)
        : PodkitException.of(ErrorKind.REFUSED, what, new Hint(cures));
  }
}
