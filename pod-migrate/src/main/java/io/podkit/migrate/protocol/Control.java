package io.podkit.migrate.protocol;

import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The conversation about one migration. The source asks, the target answers; {@code
 * docs/protocol.md} has the sequence and who owns the pod after each message.
 */
public sealed interface Control extends Message {

  /**
   * "Could this pod come to you?" Changes nothing on the target.
   *
   * @param migration names the migration
   * @param podRecord the pod as its host describes it: JSON that only pod-core reads
   * @param layers the layers it stands on, the lowest first
   * @param memoryBytes memory its processes hold now
   * @param diskBytes what its private trees take on disk
   * @param source the source's kernel, CRIU and processors
   * @param volumes the pod's volumes; asked about again with what the answer wants to know of them
   * @param replaceVolumes whether volumes with other content there are to give way
   */
  record Preflight(
      MigrationId migration,
      String podRecord,
      List<LayerNeed> layers,
      long memoryBytes,
      long diskBytes,
      HostFactsJson source,
      List<VolumeOffer> volumes,
      boolean replaceVolumes)
      implements Control, Request<PreflightAnswer> {

    /** Copies the lists and refuses negative sizes. */
    public Preflight {
      layers = List.copyOf(layers);
      volumes = List.copyOf(volumes);
      Checks.notNegative(memoryBytes, "memoryBytes");
      Checks.notNegative(diskBytes, "diskBytes");
    }

    @Override
    public Class<PreflightAnswer> answerType() {
      return PreflightAnswer.class;
    }
  }

  /**
   * The answer to {@link Preflight}.
   *
   * @param problems what stands in the way; empty if the pod can come
   * @param missingLayers those of the pod's layers that the target does not have
   * @param target the target's kernel, CRIU and processors
   * @param volumes what would become of each volume that was asked about, in that order
   */
  record PreflightAnswer(
      List<Problem> problems,
      Set<LayerDigest> missingLayers,
      HostFactsJson target,
      List<VolumeFate> volumes)
      implements Control {

    /** Copies the collections. */
    public PreflightAnswer {
      problems = List.copyOf(problems);
      missingLayers = Set.copyOf(missingLayers);
      volumes = volumes.stream().map(PreflightAnswer::harmless).toList();
    }

    private static VolumeFate harmless(VolumeFate fate) {
      return new VolumeFate(fate.offer(), fate.kind(), PeerText.clean(fate.reason()));
    }

    /** Whether the pod can come. */
    public boolean ok() {
      return problems.isEmpty();
    }
  }

  /**
   * "Which of these do you lack?" Asked once the target has reserved them, when nobody can remove
   * one any more; layers on storage that it shares are read and compared. Needs {@link
   * Capabilities#LAYER_RESUME}.
   *
   * @param layers all that the pod stands on
   */
  record LayerQuery(List<LayerNeed> layers) implements Control, Request<LayerAnswer> {

    /** Copies the list. */
    public LayerQuery {
      layers = List.copyOf(layers);
    }

    @Override
    public Class<LayerAnswer> answerType() {
      return LayerAnswer.class;
    }
  }

  /**
   * The answer to {@link LayerQuery}.
   *
   * @param missing those that have to be sent
   */
  record LayerAnswer(Set<LayerDigest> missing) implements Control {

    /** Copies the set. */
    public LayerAnswer {
      missing = Set.copyOf(missing);
    }
  }

  /**
   * "Could you store files like these?" The target tries, in a place of its own, and leaves
   * nothing. Needs {@link Capabilities#FILE_NEEDS}.
   *
   * @param entries files, directories and others that the pod's own trees have
   * @param largestFile of them, in bytes
   * @param longestName of them, in bytes
   * @param xattrs the kinds of extended attributes they have, with the bytes that the values of one
   *     file of that kind take at most
   */
  record FileNeeds(long entries, long largestFile, int longestName, Map<String, Long> xattrs)
      implements Control, Request<FileAnswer> {

    /** Copies the map and refuses what no tree has. */
    public FileNeeds {
      xattrs = Map.copyOf(xattrs);
      Checks.notNegative(entries, "entries");
      Checks.notNegative(largestFile, "largestFile");
      Checks.between(longestName, 0, 255, "longestName");
      for (Map.Entry<String, Long> xattr : xattrs.entrySet()) {
        Checks.between(xattr.getValue(), 0, 1 << 20, "bytes of attributes");
      }
    }

    @Override
    public Class<FileAnswer> answerType() {
      return FileAnswer.class;
    }
  }

  /**
   * The answer to {@link FileNeeds}.
   *
   * @param problems what the target could not keep; empty if it can keep everything
   */
  record FileAnswer(List<Problem> problems) implements Control {

    /** Copies the list. */
    public FileAnswer {
      problems = List.copyOf(problems);
    }
  }

  /**
   * "Make ready": the target reserves the pod's name and writes its durable record.
   *
   * @param migration names the migration
   * @param podRecord as in {@link Preflight}
   * @param dataChannels how many data connections the source wants; 1 to {@link
   *     Limits#MAX_DATA_CHANNELS}
   * @param pageBatches whether memory will come as {@link Bulk.PageBatch}, in rounds, and is to be
   *     filled in after the pod runs; needs {@link Capabilities#PAGE_BATCHES}
   * @param volumes what becomes of the pod's volumes, as the preflight has said
   */
  record Prepare(
      MigrationId migration,
      String podRecord,
      int dataChannels,
      boolean pageBatches,
      List<VolumeFate> volumes)
      implements Control, Request<Prepared> {

    /** Copies the list and refuses a number of channels that no host would grant. */
    public Prepare {
      volumes = List.copyOf(volumes);
      Checks.between(dataChannels, 1, Limits.MAX_DATA_CHANNELS, "dataChannels");
    }

    @Override
    public Class<Prepared> answerType() {
      return Prepared.class;
    }
  }

  /**
   * The answer to {@link Prepare}: the target waits for data.
   *
   * @param token what every data connection of this migration must show
   * @param dataChannels how many of them the target accepts
   */
  record Prepared(ChannelToken token, int dataChannels) implements Control {

    /** Refuses a number of channels that no host would ask for. */
    public Prepared {
      Checks.between(dataChannels, 1, Limits.MAX_DATA_CHANNELS, "dataChannels");
    }
  }

  /**
   * "You have everything: build the pod and hold it." Every data connection was synced before.
   *
   * @param memoryFollows whether pages that never came, though the inventory has them, are to be
   *     asked for by {@link Bulk.PagesWanted}; needs {@link Capabilities#FAULT_CHANNEL}
   */
  record Restore(boolean memoryFollows) implements Control, Request<Restored> {
    @Override
    public Class<Restored> answerType() {
      return Restored.class;
    }
  }

  /**
   * The answer to {@link Restore}: the pod is complete, held, and not one of its instructions ran.
   *
   * @param timings where the time went on the target
   */
  record Restored(List<PhaseTime> timings) implements Control {

    /** Copies the list. */
    public Restored {
      timings = List.copyOf(timings);
    }
  }

  /** "It is yours": after sending this the source may not run the pod until it knows the answer. */
  record Grant() implements Control, Request<Committed> {
    @Override
    public Class<Committed> answerType() {
      return Committed.class;
    }
  }

  /**
   * "I have memory that your pod is waiting for." On a conversation of its own, after the one of
   * the migration has broken.
   *
   * @param migration the pod's
   * @param dataChannels as in {@link Prepare}
   */
  record Resume(MigrationId migration, int dataChannels) implements Control, Request<Prepared> {

    /** Refuses a number of channels that no host would grant. */
    public Resume {
      Checks.between(dataChannels, 1, Limits.MAX_DATA_CHANNELS, "dataChannels");
    }

    @Override
    public Class<Prepared> answerType() {
      return Prepared.class;
    }
  }

  /**
   * "Tell me when all of its memory is in place." After {@link Committed}, or a {@link Prepared}
   * that answered {@link Resume}.
   */
  record AwaitFilled() implements Control, Request<Filled> {
    @Override
    public Class<Filled> answerType() {
      return Filled.class;
    }
  }

  /**
   * The answer to {@link AwaitFilled}.
   *
   * @param pages put in place after the pod ran
   * @param faults that the pod waited for
   * @param time from the pod's first instruction here until the last page
   * @param storeBytes most memory that waited for the pod outside of it
   */
  record Filled(long pages, long faults, Duration time, long storeBytes) implements Control {

    /** Refuses negative numbers. */
    public Filled {
      Checks.notNegative(pages, "pages");
      Checks.notNegative(faults, "faults");
      Checks.notNegative(storeBytes, "storeBytes");
    }
  }

  /**
   * Bytes to be thrown away: how fast they are answered is how fast the link is. Asked at any time;
   * needs {@link Capabilities#LINK_PROBE}. Written as CRC32C, then the bytes, as {@link Bulk.Data}.
   *
   * @param content 1 byte to {@link #MAX_BYTES}; owned as in {@link Bulk.Data}
   */
  record LinkProbe(ByteBuffer content) implements Control, Request<LinkProbed> {

    /** So little that neither side's pings have to wait behind it. */
    public static final int MAX_BYTES = 256 << 10;

    /** Refuses an empty or an overlong piece. */
    public LinkProbe {
      Checks.between(content.remaining(), 1, MAX_BYTES, "length of a probe");
    }

    @Override
    public Class<LinkProbed> answerType() {
      return LinkProbed.class;
    }
  }

  /** The answer to {@link LinkProbe}: its bytes have come. */
  record LinkProbed() implements Control {}

  /**
   * The answer to {@link Grant}: the target has recorded that it owns the pod, and it runs there.
   */
  record Committed() implements Control {}

  /**
   * "Forget it": allowed at any time before {@link Grant}.
   *
   * @param reason for the target's log
   */
  record Abort(String reason) implements Control, Request<Aborted> {

    /** Makes the reason harmless to a terminal. */
    public Abort {
      reason = PeerText.clean(reason);
    }

    @Override
    public Class<Aborted> answerType() {
      return Aborted.class;
    }
  }

  /** The answer to {@link Abort}: the target has removed every trace and will never own the pod. */
  record Aborted() implements Control {}

  /**
   * "What became of it?" Asked on a connection of its own, after a crash or a lost answer.
   *
   * @param migration the one in doubt
   */
  record StatusQuery(MigrationId migration) implements Control, Request<Status> {
    @Override
    public Class<Status> answerType() {
      return Status.class;
    }
  }

  /**
   * The answer to {@link StatusQuery}, from the durable record.
   *
   * @param state what became of it
   */
  record Status(MigrationState state) implements Control {}

  /** "What are you, and what have you?" At any time; needs {@link Capabilities#HOSTS}. */
  record HostQuery() implements Control, Request<HostReport> {
    @Override
    public Class<HostReport> answerType() {
      return HostReport.class;
    }
  }

  /**
   * The answer to {@link HostQuery} and {@link HostMark}.
   *
   * @param status the host as it is now
   */
  record HostReport(HostStatus status) implements Control {

    /** Makes the texts harmless to a terminal and refuses sizes that no host has. */
    public HostReport {
      status = status.cleaned(PeerText::clean);
      Checks.between(status.cpus(), 1, 1 << 20, "cpus");
      Checks.notNegative(status.memoryBytes(), "memoryBytes");
      Checks.notNegative(status.memoryAvailableBytes(), "memoryAvailableBytes");
      Checks.notNegative(status.diskBytes(), "diskBytes");
      Checks.notNegative(status.diskAvailableBytes(), "diskAvailableBytes");
      for (HostPod pod : status.pods()) {
        Checks.notNegative(pod.memoryBytes(), "memoryBytes of a pod");
      }
    }
  }

  /**
   * "Mark yourself so": labels, and whether you accept pods. Needs {@link Capabilities#HOSTS}.
   *
   * @param marks what is to be changed
   */
  record HostMark(HostMarks marks) implements Control, Request<HostReport> {
    @Override
    public Class<HostReport> answerType() {
      return HostReport.class;
    }
  }

  /**
   * "Move your pods to other hosts", or only say where they would go. The moving goes on when this
   * conversation ends. Needs {@link Capabilities#HOSTS}.
   *
   * @param order which pods, and where they may go
   */
  record Evacuate(EvacuationOrder order) implements Control, Request<Evacuation> {
    @Override
    public Class<Evacuation> answerType() {
      return Evacuation.class;
    }
  }

  /** "How far is it?" Needs {@link Capabilities#HOSTS}. */
  record EvacuationQuery() implements Control, Request<Evacuation> {
    @Override
    public Class<Evacuation> answerType() {
      return Evacuation.class;
    }
  }

  /** "Move no more": what has not been committed stays. Needs {@link Capabilities#HOSTS}. */
  record EvacuationCancel() implements Control, Request<Evacuation> {
    @Override
    public Class<Evacuation> answerType() {
      return Evacuation.class;
    }
  }

  /**
   * The answer to {@link Evacuate}, {@link EvacuationQuery} and {@link EvacuationCancel}.
   *
   * @param status how far the host's evacuation is
   */
  record Evacuation(EvacuationStatus status) implements Control {

    /** Makes the texts harmless to a terminal. */
    public Evacuation {
      status = status.cleaned(PeerText::clean);
    }
  }
}
