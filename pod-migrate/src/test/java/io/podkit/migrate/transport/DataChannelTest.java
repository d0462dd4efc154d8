package io.podkit.migrate.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podkit.error.ErrorKind;
import io.podkit.error.PodkitException;
import io.podkit.fs.api.LayerDigest;
import io.podkit.migrate.protocol.Bulk;
import io.podkit.migrate.protocol.ChannelToken;
import io.podkit.migrate.protocol.Control;
import io.podkit.migrate.protocol.Frame;
import io.podkit.migrate.protocol.MigrationId;
import io.podkit.migrate.protocol.ProtocolException;
import io.podkit.migrate.protocol.ProtocolVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataChannelTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORTLY = Duration.ofMillis(100);
  private static final Bulk.LayerBegin LAYER =
      new Bulk.LayerBegin(LayerDigest.parse("ab".repeat(32)), 10);

  @TempDir Path directory;
  private final MigrationId migration = MigrationId.random();
  private Doors doors;
  private ControlChannel source;
  private ControlChannel target;
  private ChannelGates gates;
  private ChannelGate gate;

  @BeforeEach
  void open() throws Exception {
    doors = new Doors(directory);
    source = doors.call();
    Doors.Visit visit = doors.visit();
    target = visit.control();
    gates = visit.gates();
    gate = gates.open(migration, target, 2);
  }

  @AfterEach
  void close() {
    gate.close();
    source.close();
    doors.close();
  }

  @Test
  void pages_arriveInOrderWithTheirContent_smallAndLarge() throws Exception {
    Random random = new Random(7);
    List<Bulk.MemoryPages> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int pages = i % 50 == 0 ? 256 : i % 3;
      byte[] content = new byte[pages * 4096];
      random.nextBytes(content);
      sent.add(new Bulk.MemoryPages(3, i * 4096L, Math.max(pages, 1), 1, ByteBuffer.wrap(content)));
    }
    try (DataChannel out = openChannel(0)) {
      DataChannel in = gate.accept(SOON);
      CompletableFuture<Integer> checked = new CompletableFuture<>();
      new Thread(() -> check(in, sent, checked)).start();
      out.send(new Bulk.MemoryOpen(3, 4096));
      for (Bulk.MemoryPages pages : sent) {
        out.send(pages);
      }
      out.send(new Bulk.MemoryClose(3));

      assertThat(out.ask(new Bulk.Sync(), SOON)).isEqualTo(new Bulk.Synced());
      assertThat(checked.get(30, TimeUnit.SECONDS)).isEqualTo(sent.size());
      assertThat(out.traffic().bytesSent()).isGreaterThan(6L << 20);
    }
  }

  private static void check(
      DataChannel in, List<Bulk.MemoryPages> expected, CompletableFuture<Integer> checked) {
    int count = 0;
    try {
      while (true) {
        Frame frame = in.receive(SOON);
        if (frame.message() instanceof Bulk.MemoryPages) {
          assertThat(frame.message()).isEqualTo(expected.get(count));
          count++;
        } else if (frame.message() instanceof Bulk.Sync) {
          in.answer(frame, new Bulk.Synced());
          checked.complete(count);
          return;
        }
      }
    } catch (PodkitException | AssertionError e) {
      checked.completeExceptionally(e);
      in.abort();
    }
  }

  @Test
  void transfers_followEachOther_alsoEmptyOnes() throws Exception {
    try (DataChannel out = openChannel(0)) {
      DataChannel in = gate.accept(SOON);
      for (String content : List.of("first", "", "third")) {
        BulkOutput image = out.begin(new Bulk.ImageBegin("core-1.img"));
        image.write(content.getBytes(StandardCharsets.UTF_8));
        image.finish(new Bulk.ImageEnd());
        out.flush();

        Frame begin = in.receive(SOON);
        assertThat(begin.message()).isEqualTo(new Bulk.ImageBegin("core-1.img"));
        BulkInput received = in.content(begin, SOON);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(received.transferTo(bytes)).isEqualTo(content.length());
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(content);
        assertThat(received.end(Bulk.ImageEnd.class).id()).isEqualTo(begin.id());
      }
    }
  }

  @Test
  void longSender_learnsAtOnceThatThePeerGaveUp() throws Exception {
    try (DataChannel out = openChannel(0)) {
      DataChannel in = gate.accept(SOON);
      BulkOutput layer = out.begin(LAYER);
      layer.write(new byte[3 << 20]);
      layer.flush();
      CompletableFuture<Void> told =
          CompletableFuture.runAsync(() -> in.fail(PodkitException.refused("the disk is full")));

      assertThatThrownBy(
              () -> {
                while (true) {
                  layer.write(new byte[1 << 20]);
                }
              })
          .isInstanceOfSatisfying(
              ChannelIoException.class,
              e -> {
                assertThat(e.reason()).isInstanceOf(PeerFailureException.class);
                assertThat(ChannelIoException.unwrap("sending layer", e))
                    .hasMessage("sending layer: hostb: the disk is full");
              });
      told.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void moreContentThanTheReaderWants_isAViolation() throws Exception {
    try (DataChannel out = openChannel(0)) {
      DataChannel in = gate.accept(SOON);
      BulkOutput layer = out.begin(LAYER);
      layer.write(new byte[11]);
      layer.flush();
      BulkInput content = in.content(in.receive(SOON), SOON);
      content.readNBytes(10);

      assertThatThrownBy(() -> content.end(Bulk.LayerEnd.class))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("DATA out of turn");
      assertThatThrownBy(() -> layer.finish(new Bulk.LayerEnd(), SOON))
          .isInstanceOf(PeerFailureException.class);
    }
  }

  @Test
  void contentOfAnotherTransfer_isAViolation() throws Exception {
    try (RawPeer raw =
        RawPeer.call(doors.server.address(), doors.hosts.a, ProtocolVersion.CURRENT)) {
      raw.say(1, new Bulk.ChannelOpen(migration, gate.token(), 0));
      raw.hear();
      DataChannel in = gate.accept(SOON);
      raw.say(2, LAYER);
      raw.say(3, new Bulk.Data(ByteBuffer.wrap(new byte[5])));
      BulkInput content = in.content(in.receive(SOON), SOON);

      assertThatThrownBy(content::read)
          .isInstanceOf(ChannelIoException.class)
          .hasMessageContaining("DATA out of turn");
      assertThat(raw.failure()).contains("DATA out of turn");
    }
  }

  @Test
  void controlMessage_hasNoPlaceHere() throws Exception {
    try (RawPeer raw =
        RawPeer.call(doors.server.address(), doors.hosts.a, ProtocolVersion.CURRENT)) {
      raw.say(1, new Bulk.ChannelOpen(migration, gate.token(), 0));
      raw.hear();
      DataChannel in = gate.accept(SOON);
      raw.say(2, new Control.Grant());

      assertThatThrownBy(() -> in.receive(SOON))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("GRANT out of turn");
    }
  }

  @Test
  void abandonedTransfer_isNoTransfer() throws Exception {
    DataChannel out = openChannel(0);
    DataChannel in = gate.accept(SOON);
    try (BulkOutput layer = out.begin(LAYER)) {
      layer.write(new byte[5]);
      layer.flush();
    }
    BulkInput content = in.content(in.receive(SOON), SOON);

    assertThatThrownBy(content::readAllBytes)
        .isInstanceOfSatisfying(
            ChannelIoException.class,
            e -> assertThat(e.reason()).isInstanceOf(PeerLostException.class));
  }

  @Test
  void peerThatDoesNotRead_isGivenUp() throws Exception {
    DataChannel out = openChannel(0);
    gate.accept(SOON);
    BulkOutput layer = out.begin(LAYER);

    assertThatThrownBy(
            () -> {
              while (true) {
                layer.write(new byte[1 << 20]);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("hostb took nothing for 2 s");
  }

  @Test
  void dataChannel_ofAPeerThatFellSilent_saysSo() throws Exception {
    Timeouts strict = TwoHosts.timeouts(SOON, Duration.ofSeconds(2));
    try (Doors strictDoors = new Doors(directory.resolve("strict"), strict, ServerLimits.STANDARD);
        RawPeer silent = strictDoors.callRaw()) {
      Doors.Visit visit = strictDoors.visit();
      MigrationId id = MigrationId.random();
      ChannelGate mute = visit.gates().open(id, visit.control(), 1);
      try (RawPeer data =
          RawPeer.call(
              strictDoors.server.address(), strictDoors.hosts.a, ProtocolVersion.CURRENT)) {
        data.say(1, new Bulk.ChannelOpen(id, mute.token(), 0));
        data.hear();
        DataChannel in = mute.accept(SOON);
        assertThatThrownBy(() -> in.receive(Duration.ofSeconds(30)))
            .isInstanceOf(PeerLostException.class)
            .hasMessage("hosta has been silent for 2 s");
      }
      assertThat(silent).isNotNull();
    }
  }

  @Test
  void dataChannels_endWithTheirControlChannel_onBothSides() throws Exception {
    DataChannel out = openChannel(0);
    DataChannel in = gate.accept(SOON);
    source.abort();

    assertThatThrownBy(() -> in.receive(SOON)).isInstanceOf(PeerLostException.class);
    assertThatThrownBy(() -> out.receive(SOON)).isInstanceOf(PeerLostException.class);
    assertThatThrownBy(() -> gate.accept(SOON))
        .isInstanceOfSatisfying(
            PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.PEER));
  }

  @Test
  void silence_isATimeoutAndTheChannelStaysUsable() throws Exception {
    try (DataChannel out = openChannel(0)) {
      DataChannel in = gate.accept(SOON);
      assertThatThrownBy(() -> in.receive(SHORTLY))
          .isInstanceOfSatisfying(
              PodkitException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.TIMEOUT));
      out.send(new Bulk.MemoryClose(1));
      out.flush();
      assertThat(in.receive(SOON).message()).isEqualTo(new Bulk.MemoryClose(1));
    }
  }

  private DataChannel openChannel(int index) throws PodkitException {
    return openChannel(migration, gate.token(), index);
  }

  private DataChannel openChannel(MigrationId id, ChannelToken token, int index)
      throws PodkitException {
    return doors
        .hosts
        .clientA()
        .openData(
            source, TwoHosts.addressOf(doors.server), id, token, index, RateLimiter.unlimited());
  }
}
