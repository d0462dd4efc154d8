package io.podkit.migrate.protocol;

import io.podkit.core.api.VolumeFate;
import io.podkit.core.api.VolumeOffer;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.api.AwayPod;
import io.podkit.migrate.api.EvacuationOrder;
import io.podkit.migrate.api.EvacuationStatus;
import io.podkit.migrate.api.HostMarks;
import io.podkit.migrate.api.HostPod;
import io.podkit.migrate.api.HostStatus;
import io.podkit.migrate.api.KnownHost;
import io.podkit.migrate.api.PodMove;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One message of every type. */
final class SampleMessages {

  static final MigrationId MIGRATION = new MigrationId("0123456789abcdef0123456789abcdef");
  static final ChannelToken TOKEN = new ChannelToken("fedcba9876543210fedcba9876543210");
  static final LayerDigest LAYER = LayerDigest.parse("ab".repeat(32));
  static final HostFactsJson FACTS =
      new HostFactsJson("6.1.0", "x86_64", "4.2.1", Set.of("avx2"), 1L << 30, 2L << 40);

  static final HostStatus HOST =
      new HostStatus(
          "hosta",
          "6.18.0",
          "amd64",
          "4.2.1",
          Set.of("avx"),
          4,
          0.5,
          8L << 30,
          4L << 30,
          1L << 40,
          1L << 39,
          List.of(LAYER.toString()),
          Map.of("chassis", "c1"),
          true,
          List.of(
              new HostPod(
                  "web",
                  "0123456789ab",
                  "running",
                  true,
                  "nginx",
                  "",
                  4096,
                  0.5,
                  Map.of("a", "b"))),
          List.of(new AwayPod("db", new KnownHost("hostb", "192.0.2.2", 7617))));

  static final VolumeOffer OFFER =
      new VolumeOffer("/data", "", 3, 8192, "sha256:00", Map.of("team", "db"));

  static final VolumeFate FATE =
      new VolumeFate(OFFER, VolumeFate.Kind.COPY, "nothing is there yet");

  private SampleMessages() {}

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static List<Message> all() {
    return List.of(
        new Session.Ping(),
        new Session.Failure("REFUSED", "no room", "make room"),
        new Session.Hello("hosta", "0.1.0", Set.of("x")),
        new Session.Welcome("hostb", "0.1.0", Set.of()),
        new Control.Preflight(
            MIGRATION,
            "{\"name\":\"web\"}",
            List.of(new LayerNeed(LAYER, 4096)),
            5,
            6,
            FACTS,
            List.of(OFFER),
            true),
        new Control.PreflightAnswer(
            List.of(new Problem("memory", "web", "too large", "add memory")),
            Set.of(LAYER),
            FACTS,
            List.of(FATE)),
        new Control.Prepare(MIGRATION, "{}", 4, true, List.of(FATE)),
        new Control.Prepared(TOKEN, 4),
        new Control.Restore(false),
        new Control.Restored(List.of(new PhaseTime("criu", Duration.ofMillis(1500)))),
        new Control.Grant(),
        new Control.Committed(),
        new Control.Abort("ctrl-c"),
        new Control.Aborted(),
        new Control.StatusQuery(MIGRATION),
        new Control.Status(MigrationState.HELD),
        new Control.AwaitFilled(),
        new Control.Filled(9, 2, Duration.ofMillis(400), 36864),
        new Control.LinkProbe(bytes("anything")),
        new Control.LinkProbed(),
        new Control.Resume(MIGRATION, 3),
        new Control.HostQuery(),
        new Control.HostReport(HOST),
        new Control.HostMark(HostMarks.labels(Map.of("rack", "r1"), List.of("chassis"))),
        new Control.Evacuate(
            new EvacuationOrder(
                EvacuationOrder.Purpose.EVACUATE,
                List.of(new KnownHost("hostb", "192.0.2.2", 7617)),
                List.of("web"),
                Map.of("tier", ""),
                4,
                Duration.ofMinutes(5),
                EvacuationOrder.Sequence.URGENT,
                true)),
        new Control.Evacuation(
            new EvacuationStatus(
                "e1",
                "hosta",
                EvacuationOrder.Purpose.BRING_BACK,
                EvacuationStatus.State.RUNNING,
                "2026-11-22T12:00:00Z",
                12.5,
                List.of(PodMove.planned("web", "hostb", "why", List.of("hostc: why not"))))),
        new Control.EvacuationQuery(),
        new Control.EvacuationCancel(),
        new Control.LayerQuery(List.of(new LayerNeed(LAYER, 4096))),
        new Control.LayerAnswer(Set.of(LAYER)),
        new Control.FileNeeds(7, 1 << 20, 255, Map.of("user", 12L)),
        new Control.FileAnswer(List.of(new Problem("inodes", "inodes", "too few", "make more"))),
        new Bulk.ChannelOpen(MIGRATION, TOKEN, 3),
        new Bulk.ChannelReady(),
        new Bulk.Data(bytes("hello")),
        new Bulk.Sync(),
        new Bulk.Synced(),
        new Bulk.LayerBegin(LAYER, 4096),
        new Bulk.LayerEnd(),
        new Bulk.LayerStored(),
        new Bulk.LayerOffer(LAYER, 4096),
        new Bulk.LayerWanted(false, 512, LAYER),
        new Bulk.LayerRest(LAYER, 512),
        new Bulk.TreeBegin("volume:/srv/data", 2),
        new Bulk.TreeEnd(),
        new Bulk.TreeApplied(7, 8),
        new Bulk.ImageBegin("core-1.img"),
        new Bulk.ImageEnd(),
        new Bulk.MemoryOpen(9, 4096),
        new Bulk.MemoryPages(9, 0x7f00_0000_1000L, 2, 4, ByteBuffer.wrap(new byte[8192])),
        new Bulk.MemoryClose(9),
        new Bulk.PageBatch(9, 0, 4096, bytes("a table"), ByteBuffer.wrap(new byte[4096])),
        new Bulk.PagesWanted(9, 0x7f00_0000_1000L, 16));
  }

  /** The bytes of those messages one after the other, each with its place in the list as id. */
  static byte[] conversation() throws PodkitException {
    ByteBuffer out = ByteBuffer.allocate(64 << 10);
    int id = 0;
    for (Message message : all()) {
      for (ByteBuffer part : FrameEncoder.encode(new Frame(id, message))) {
        out.put(part);
      }
      id++;
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }
}
